import { isPhrase, isSnake, isWord, repeatsStatus } from './code-text.ts'

// Plain text, a page of a proxy, or a message: a code or an id is only taken from where the text itself says that it is one.

const LONGEST = 4096

/** The first group of the first that matches is the code. */
const MARKED = [
  /^Code: \d+[.,][\s\S]*\(([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)\)/,
  /\bAn error occurred \(([A-Za-z][\w.-]{1,80})\)/,
  /\brpc error: code = ([A-Za-z]{2,40})\b/,
  /\bSQLSTATE[ =:[]{1,3}([0-9A-Z]{5})\b/,
  /\b[Ee]rror ?[Cc]ode ?(?:[:=#]|is\b) ?["'`#]?([A-Za-z0-9][\w.-]{0,80})/,
  /\b(?:error|ERROR)[_-]?(?:code|CODE)[ :=#]{1,3}["'`]?([A-Za-z0-9][\w.-]{0,80})/,
  /^\s*(?:error|err|fatal)?[: ]{0,3}([A-Z]{2,12}-\d{2,8})\b\s*[:\u2013-]/i,
  /^\s*(?:error|err|fatal)?[: ]{0,3}\[?([A-Z][A-Z0-9]{0,30}(?:_[A-Z0-9]{1,30}){1,8})\]?\s*(?:[:\u2013-]|$)/i,
]
/** What Cloudflare shows a person; its own 1xxx are no statuses. */
const CLOUDFLARE = /\berror (1\d{3})\b/i

const REQUEST_ID =
  /\b(?:(?:request|req|correlation|trace|ray|debug|incident|support|event|transaction)[ _-]?id|reference(?: ?id| ?number)?|request reference)(?: is)?\s{0,3}[:=#]\s{0,3}["'`#(]?([A-Za-z0-9][\w.:/+=-]{3,127})/i
const BARE_REQUEST_ID = /\brequest id ((?=[a-z_-]{0,20}\d)[A-Za-z0-9_-]{6,80})\b/i

/** The code that a text marks as one. */
export function codeInWords(words: string, status: number): string | null {
  const text = words.slice(0, LONGEST)
  for (const [index, pattern] of MARKED.entries()) {
    const [, code] = pattern.exec(text) ?? []
    if (code === undefined || (index >= 6 && code !== code.toUpperCase())) continue
    const word = code.replace(/[.-]+$/, '')
    if (/^\d{3}$/.test(word) ? !repeatsStatus(Number(word), status) : isMarkedCode(word)) return word
  }
  return null
}

/** A number, or a word that is not one of a sentence ("error code of …"). */
const isMarkedCode = (word: string): boolean =>
  /^-?\d{1,10}$/.test(word) || (isWord(word) && !/^[a-z]+$/.test(word))

/** The whole text may be the code (`invalid_payload`), or begin with it. */
export function codeOfText(words: string, status: number): string | null {
  if (isWord(words) && isSnake(words) && !isPhrase(words)) return words
  return codeInWords(words, status) ?? CLOUDFLARE.exec(words.slice(0, LONGEST))?.[1] ?? null
}

export function requestIdInWords(words: string): string | null {
  const text = words.slice(0, LONGEST)
  const id = REQUEST_ID.exec(text)?.[1] ?? BARE_REQUEST_ID.exec(text)?.[1]
  // A word of prose is no id.
  return id !== undefined && /\d/.test(id) ? id.replace(/[.,:]+$/, '') : null
}

/** The first words for a person: a page's title, else the first lines. */
export function messageOfText(words: string, title: string | null): string | null {
  const [, clickHouse] =
    /^Code: \d+[.,] (?:DB::Exception: )?([\s\S]{1,2000}?)(?: \([A-Z_0-9]+\)| \(version |$)/.exec(words) ?? []
  const text = clickHouse ?? title ?? words
  return text.trim().slice(0, 1024) || null
}
