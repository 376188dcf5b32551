import { decodeHTML } from 'entities'
import type { Inline } from './page.ts'

// Every pattern here is linear: what lies between two marks cannot hold the mark itself, and has a longest length.
const LINK = /!?\[([^[\]]{0,300})\](?:\([^()\s]{0,500}(?:\s"[^"]{0,200}")?\)|\[[^[\]]{0,100}\])/g
const FOOTNOTE = /\s?\[\^[\w-]{1,30}\]/g
const TAG = /<\/?[a-zA-Z][^<>]{0,300}>/g
const CODE = /(`{1,2})([^`]{1,300})\1/g
const BOLD = /(\*\*|__)([^*_][^*]{0,300}?)\1/g
const EMPHASIS = /(?<![\w*])[*_]([^*_\s][^*_]{0,200})[*_](?![\w*])/g
const ROLE = /:(?:ref|code|term|http|doc):(?=`)/g

/** Markdown (or plain text, or reStructuredText) of one line, without its markup. */
export function inlineOf(source: string): Inline {
  const marked: string[] = []
  let text = source.replace(ROLE, '').replace(LINK, '$1').replace(FOOTNOTE, '')
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
  return { text: entities(text).replace(/\s+/g, ' ').trim(), marked: marked.map(unescaped).map(entities) }
}

const entities = (text: string): string => (text.includes('&') ? decodeHTML(text) : text)
const unescaped = (text: string): string => text.replace(/\\([_*`|])/g, '$1')
