import type { Inline } from '../page.ts'
import { GUESSED_HEADING } from '../page.ts'
import { bareToken, habitOf, isStrong, notACode } from '../words/code-shape.ts'
import { type Head, headOf } from '../words/head.ts'
import { isField, tokensOf } from '../words/sentences.ts'
import { LEAD, type Scope } from './outline.ts'

// Heads that a code has where its neighbours are codes: a name of any shape, a number, a title that speaks of it.

const NAMED =
  /^["'“`*[(]{0,3}([\p{L}\d-][\p{L}\d_.:/#-]{1,127}?)["'”`*\])]{0,3}(?=\s*[:：]\s|\s+[-–—|]\s|\s*\(|\s+(?:HTTP\s+)?[45]\d\d\b|\s*$)/u

/** A name of any shape with more than one part, and a mark that ends it. */
export function looseHead({ text, marked }: Inline): Head | null {
  const found = NAMED.exec(text)
  const code = bareToken(found?.[1] ?? '')
  const habit = habitOf(code)
  if (!found || habit === null || notACode(code) !== null) return null
  if (['word', 'upper', 'numeric'].includes(habit)) return null
  // `Conflict` beside `NotFound` and `VersionMismatch`.
  if (habit === 'pascal' && !isStrong(code) && !marked.includes(code)) return null
  const rest = headOf({ text: text.slice(found[0].length).replace(/^\s*[([]/, ''), marked: [] })
  return { ...rest, codes: [code], closed: true }
}

/** "What does E1001 mean?", "Handling `card_refused`": the one code that a title speaks of. */
export function titledHead({ kind, level, head: { text, marked } }: Scope): Head | null {
  if ((kind !== 'heading' && level !== LEAD) || text.length > 100 || !SPEAKS_OF.test(text)) return null
  const codes = tokensOf(text).filter(
    ({ token, at }) => isStrong(token) && notACode(token) === null && !isField(text, token, at),
  )
  const [code] = new Set(codes.map(({ token }) => token))
  if (code === undefined || codes.some(({ token }) => token !== code)) return null
  const { statuses } = headOf({ text: text.replace(code, ''), marked })
  return { codes: [code], statuses, hundreds: [], reason: '', rest: '', closed: true }
}

const SPEAKS_OF =
  /[?？]\s*$|\b(?:errors?|fail(?:s|ed|ure)?|exception|fault)\b|^(?:\d[\d.]*\s+)?(?:handling|fixing|resolving|solving|avoiding|recovering|understanding|about|when|why|on|after|dealing)\b/i

const NUMBER = /^["'“`*[(]{0,3}(-?\d{3,9})(?![\d.])["'”`*\])]{0,3}(?=\s*[:：]|\s|$)/

/** "-2001 DISCONNECTED": where codes are numbers, a name follows. */
export function numberedHead({ kind, level }: Scope, { text }: Inline): Head | null {
  // A line of its own, among others like it.
  if (level > GUESSED_HEADING && /^-?\d{1,6}$/.test(text))
    return { codes: [text], statuses: [], hundreds: [], reason: '', rest: '', closed: true }
  const [all = '', code] = NUMBER.exec(text) ?? []
  if (code === undefined || /^(?:[1-5]\d\d|19\d\d|20\d\d)$/.test(code)) return null
  if (kind !== 'heading' && !/[:：–—-]/.test(text.slice(all.length, all.length + 40))) return null
  const rest = text.slice(all.length).replace(/^[\s:：\-–—|]+/, '')
  const after = headOf({ text: rest, marked: [] })
  const named = { codes: [code], closed: true }
  return after.codes.length === 0
    ? { ...after, ...named }
    : { ...named, statuses: [], hundreds: [], reason: '', rest }
}
