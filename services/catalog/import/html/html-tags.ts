import { Tokenizer } from 'htmlparser2'

// HTML as a run of tags and words, without what holds no text of the page. Only the tokenizer is the library's: its
// tree builder is slow on tags nested by the thousand.

const SKIPPED = new Set(['script', 'style', 'template', 'svg', 'nav', 'footer', 'select', 'iframe', 'object'])

/** Only these are kept. */
const ATTRIBUTES = new Set(['rowspan', 'colspan'])

export interface Tag {
  name: string
  /** Its line in the source. */
  line: number
  attributes: Record<string, string>
}

export interface TagReader {
  open: (tag: Tag) => void
  close: (tag: Tag) => void
  text: (words: string) => void
  /** Something is left out here. */
  gap: () => void
}

export function readTags(html: string, firstLine: number, { open, close, text, gap }: TagReader): number {
  let line = firstLine + 1
  let counted = 0
  let skipping = 0
  let skipTag = ''
  let tag: Tag = { name: '', line, attributes: {} }
  let attribute = ''

  const lineAt = (index: number) => {
    for (; counted < index; counted++) if (html.charCodeAt(counted) === 10) line++
    return line
  }
  const named = (start: number, end: number): Tag => ({
    name: html.slice(start, end).toLowerCase(),
    line: lineAt(start),
    attributes: {},
  })

  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      ontext: (start, end) => skipping === 0 && text(html.slice(start, end)),
      ontextentity: (codepoint) => skipping === 0 && text(String.fromCodePoint(codepoint)),
      oncdata: (start, end) => skipping === 0 && text(html.slice(start, end)),
      onopentagname(start, end) {
        tag = named(start, end)
      },
      onattribname(start, end) {
        attribute = html.slice(start, end).toLowerCase()
      },
      onattribdata(start, end) {
        if (ATTRIBUTES.has(attribute))
          tag.attributes[attribute] =
            (tag.attributes[attribute] ?? '') + html.slice(start, Math.min(end, start + 10))
      },
      onattribentity() {},
      onattribend() {},
      onopentagend() {
        if (skipping > 0) {
          if (tag.name === skipTag) skipping++
        } else if (SKIPPED.has(tag.name)) {
          gap()
          skipping = 1
          skipTag = tag.name
        } else open(tag)
      },
      onselfclosingtag() {
        if (skipping === 0 && !SKIPPED.has(tag.name)) open(tag)
      },
      onclosetag(start, end) {
        const closing = named(start, end)
        if (skipping === 0) close(closing)
        else if (closing.name === skipTag) skipping--
      },
      oncomment() {},
      ondeclaration() {},
      onprocessinginstruction() {},
      onend() {},
    },
  )
  tokenizer.write(html)
  tokenizer.end()
  return line
}
