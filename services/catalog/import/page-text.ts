// Bytes of unknown origin as text, or why they are none.

/** The largest API descriptions are about 12 MB of JSON; pages of errors have a hundredth of that. */
export const MOST_BYTES = 16 * 1024 * 1024
/** What is read line by line or tag by tag: a page of 1 MB is the longest anybody wrote, and takes less than a second;
 * one of this size that is made to cost takes less than two. */
export const MOST_PAGE_BYTES = 1.25 * 1024 * 1024
export const MOST_LINES = 70_000
/** A line of a page; longer ones are data. What follows is left out, and a note says so. */
const LONGEST_LINE = 20_000

export type PageText = { text: string } | { problem: string }

export function pageText(bytes: Uint8Array): PageText {
  if (bytes.length > MOST_BYTES)
    return {
      problem: `${bytes.length} bytes are more than the ${MOST_BYTES} that are read; pass only the page about errors`,
    }
  const encoding = encodingOf(bytes)
  if (encoding === null)
    return {
      problem: 'this is binary data, not text; pass Markdown, HTML, plain text, OpenAPI or Smithy JSON',
    }
  let text: string
  try {
    text = new TextDecoder(encoding, { fatal: encoding === 'utf-8' }).decode(bytes)
  } catch {
    // Old pages; every byte means something there.
    text = new TextDecoder('windows-1252').decode(bytes)
  }
  const controls = controlsIn(text)
  if (controls > text.length / 200 + 2)
    return {
      problem: 'this is binary data, not text; pass Markdown, HTML, plain text, OpenAPI or Smithy JSON',
    }
  // Marks that turn the direction of text, and soft hyphens, would stand inside codes.
  return {
    text: text
      .replace(/^\ufeff/, '')
      .replace(/\r\n?/g, '\n')
      .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u00ad]/g, ''),
  }
}

/** Control characters that no text has, near its beginning. */
function controlsIn(text: string): number {
  let count = 0
  for (let at = 0; at < Math.min(text.length, 100_000); at++) {
    const code = text.charCodeAt(at)
    if (code < 9 || (code > 13 && code < 27)) count++
  }
  return count
}

function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const head = bytes.subarray(0, 4096)
  const zeros = [0, 0]
  for (let at = 0; at < head.length; at++) if (head[at] === 0) zeros[at % 2]++
  if (zeros[0] + zeros[1] === 0) return 'utf-8'
  if (zeros[1] > head.length / 3 && zeros[0] === 0) return 'utf-16le'
  if (zeros[0] > head.length / 3 && zeros[1] === 0) return 'utf-16be'
  return null
}

export interface Lines {
  lines: string[]
  cut: number[]
}

export function linesOf(text: string): Lines {
  const cut: number[] = []
  const lines = text.split('\n').map((line, at) => {
    if (line.length <= LONGEST_LINE) return unglued(line)
    cut.push(at + 1)
    return line.slice(0, LONGEST_LINE)
  })
  return { lines, cut }
}

/** A quotation holds what it holds: callouts, cards. */
const QUOTED = /^\s{0,3}(?:>\s?){1,5}(?=\S|$)(?!\S*>)/
/** What generators of pages put between a heading and its text. */
const SECTION_TITLED = /^(?:Section titled [“"][^”"]{0,200}[”"]|Anchor to \S.{0,80}$)/
/** `||Code||Status||` heads a table in wikis. */
const WIKI_HEADER = /^\s*\|\|(?:[^|]{1,200}\|\|){2,20}\s*$/
/** `||Status|400|404||`: only its first cell heads it. */
const WIKI_TITLED_ROW = /^\s*\|\|([^|\s][^|]{0,80}\|(?!\|).{1,2000}?)\|{1,2}\s*$/
const STATUS_GLUED_TO_WORD =
  /(?<![\w.])([45](?:\d\d|xx))(?=(?:and|or|by|on|with|until|errors?|responses?|status|validation|rate)\b)/g
const WORD_GLUED_TO_STATUS =
  /\b(on|for|only|and|or|with|transient|the|retry|a)([45](?:\d\d|xx))(?=\W|$|and|or|by|errors?|responses?)/gi

/** Words in code style lose the space around them when a rendered page is copied: "Retry on429responses". */
const unglued = (line: string): string =>
  line
    .replace(QUOTED, '')
    .replace(SECTION_TITLED, '')
    .replace(WIKI_HEADER, (header) => header.replaceAll('||', '|'))
    .replace(WIKI_TITLED_ROW, '|$1|')
    .replace(WORD_GLUED_TO_STATUS, '$1 $2')
    .replace(STATUS_GLUED_TO_WORD, '$1 ')
