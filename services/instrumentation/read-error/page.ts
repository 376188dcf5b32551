// An HTML page, as proxies and firewalls answer: what a person would read there.

const PAGE = /^<(?:!doctype\s+html|html|head|title|body|center|h[1-6]|p|div|br|style|meta)\b/i
const XML_ERROR = /^<[A-Za-z:]*(?:Error|Fault|Envelope|Response|problem)\b/
const BEFORE = /^(?:<\?xml[^>]*>|<!--(?:[^-]|-(?!->))*-->|\s)+/
const HIDDEN = /^<(?:script|style)\b/i
const OWN_LINE = /^<\/?(?:p|div|h\d|br|title|li|tr|td|hr|center|head|body|pre|ul)\b/i
/** The characters of a page's words that are looked at. */
const MOST_WORDS = 4096

/** Is it a page, and no XML? Types lie: a page is often called JSON. */
export function isPage(text: string, type: string): boolean {
  const start = text.slice(0, 2048).replace(BEFORE, '')
  return PAGE.test(start) || (/html/i.test(type) && !XML_ERROR.test(start))
}

export function pageTitle(text: string): string | null {
  const [, title = ''] = /<title[^>]{0,200}>([^<]{0,500})/i.exec(text.slice(0, 2 * MOST_WORDS)) ?? []
  return pageWords(title) || null
}

/** The words between the tags, one line an element. */
export function pageWords(text: string): string {
  let words = ''
  for (let at = 0; at < text.length && words.length < MOST_WORDS; ) {
    const tag = text.indexOf('<', at)
    if (tag < 0) return tidy(words + text.slice(at))
    words += text.slice(at, tag)
    const name = text.slice(tag, tag + 9)
    const isHidden = HIDDEN.test(name)
    const end = isHidden ? text.indexOf('</', tag + 2) : text.indexOf('>', tag)
    if (end < 0) break
    if (OWN_LINE.test(name)) words += '\n'
    at = isHidden ? end : end + 1
  }
  return tidy(words)
}

const ENTITIES: Record<string, string> = {
  nbsp: ' ',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#35': '#',
  '#32': ' ',
}

const tidy = (words: string): string =>
  words
    .replace(/&(nbsp|amp|lt|gt|quot|#39|#35|#32);/g, (_, name) => ENTITIES[name]!)
    .replace(/[ \t\r]+/g, ' ')
    .replace(/\n[ \n]*/g, '\n')
    .trim()
