import { decodeHTML } from 'entities'
import type { Inline, NoteMark } from '../page.ts'

// Every pattern here is linear: what lies between two marks cannot hold the mark itself, and has a longest length.
const LINK = /!?\[([^[\]]{0,300})\](?:\([^()\s]{0,500}(?:\s"[^"]{0,200}")?\)|\[[^[\]]{0,100}\])/g
/** `[^1]`, `[#1]_`, `<ref name="1" />`, and the raised figures and daggers that rendered notes leave. */
const FOOTNOTE =
  /\s?\[(?:\^([\w-]{1,30})\]|#([\w-]{1,30})\]_)|\s?<ref\s+name\s?=\s?"?([\w-]{1,30})"?[^<>]{0,60}\/>|(?<=[\p{L}\d`).])\s?([⁰¹²³⁴-⁹]{1,2}|[†‡])/gu
const TAG = /<\/?[a-zA-Z][^<>]{0,300}>/g
const CODE = /(`{1,2})([^`]{1,300})\1/g
const BOLD = /(\*\*|__)([^*_][^*]{0,300}?)\1/g
const EMPHASIS = /(?<![\w*])[*_]([^*_\s][^*_]{0,200})[*_](?![\w*])/g
/** `.. _anchor:` of reStructuredText. */
const ANCHOR = /\.\. _[\w *-]{1,80}:(?=\s|$)/g
const ROLE = /:(?:ref|code|term|http|doc):(?=`)/g

/** Without any of these there is nothing to take out. */
const MARKUP = /[[\]`*_<>\\&:⁰¹²³⁴-⁹†‡]/

/** Markdown (or plain text, or reStructuredText) of one line, without its markup. */
export function inlineOf(source: string): Inline {
  if (!MARKUP.test(source)) return { text: source.replace(/\s+/g, ' ').trim(), marked: [] }
  const marked: string[] = []
  const notes: NoteMark[] = []
  let text = source.replace(ANCHOR, '').replace(ROLE, '').replace(LINK, '$1')
  text = text.replace(
    FOOTNOTE,
    (_all, id?: string, hash?: string, named?: string, raised?: string, at = 0) => {
      const [after = ''] = text.slice(Math.max(0, at - 130), at).match(/[^\s`]+(?=`{0,2}$)/) ?? []
      notes.push({ id: noteId(id ?? hash ?? named ?? raised ?? ''), after })
      return ''
    },
  )
  const breaks = text.replace(/<br\s*\/?>/gi, ' , ')
  text = breaks
    .replace(/<(code|b|strong|tt)>([^<]{1,300})<\/\1>/gi, '`$2`')
    .replace(TAG, '')
    .replace(CODE, (_, _marks, words: string) => {
      marked.push(words.trim())
      return words
    })
    .replace(BOLD, (_, _marks, words: string) => {
      marked.push(words.trim())
      return words
    })
    .replace(EMPHASIS, '$1')
    .replace(/\\([\\`*_{}[\]()#+\-.!|<>])/g, '$1')
  const inline = {
    text: entities(text).replace(/\s+/g, ' ').trim(),
    marked: marked.map(unescaped).map(entities),
  }
  return notes.length === 0 ? inline : { ...inline, notes }
}

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** 2 and ² are the same note. */
export const noteId = (mark: string): string =>
  mark.replace(/[⁰¹²³⁴-⁹]/g, (digit) => String(RAISED.indexOf(digit)))

export const raisedDigits = (digits: string): string =>
  digits.replace(/\d/g, (digit) => RAISED[Number(digit)])

const entities = (text: string): string => (text.includes('&') ? decodeHTML(text) : text)
const unescaped = (text: string): string => text.replace(/\\([_*`|])/g, '$1')
