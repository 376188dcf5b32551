import type { Inline } from '../page.ts'
import { bareToken, habitOf, isStrong, notACode } from './code-shape.ts'
import { isReason, statusesIn } from './status-text.ts'

/** What stands at the head of a list item, a term or a heading: codes and statuses, and nothing else so far. */
export interface Head {
  codes: string[]
  statuses: number[]
  hundreds: number[]
  /** HTTP's own words for a status, after a code. */
  reason: string
  /** After the head. */
  rest: string
  /** The head ended with a colon or a dash, or was all there is. */
  closed: boolean
}

const FILLER =
  /^(?:http|https|status|codes?|errors?|response|and|or|und|oder|et|ou|y|o|или|и|och|og|oraz|veya|és|vagy|și|та|error:|fehler|erreur|エラー)$/i

/** Codes and statuses at the start of a text. `known`: codes already defined, whatever their shape. */
export function headOf({ text, marked }: Inline, known: ReadonlySet<string> = new Set()): Head {
  const marks = new Set(marked.flatMap((mark) => [mark, bareToken(mark)]))
  const head: Head = { codes: [], statuses: [], hundreds: [], reason: '', rest: '', closed: false }
  const words = /\S+/g
  let from = 0
  let afterError = false
  let colon = false
  /** Does something stand between the last code and what comes? */
  let apart = false
  for (let match = words.exec(text); match && from < 200; match = words.exec(text)) {
    const word = match[0]
    const token = bareToken(word.replace(/[:：,;—–]+$/, ''))
    const ends = /[:：]["'”`*)]*$|[^—–][—–]$/.test(word)
    const status = /^[1-5]\d\d$/.test(token) || /^[1-5](?:xx|XX|\d\d[-–—/][1-5]\d\d)$/.test(token)
    if (/^(?:[-–—|/·&+,(]+|[-=]*>|[→⇒➔➜⟶]|↦)$/.test(word)) {
      if (/^[-–—=>→⇒➔➜⟶↦]+$/.test(word) && (head.codes.length > 0 || head.statuses.length > 0))
        head.closed = true
    } else if (status && !(afterError && head.codes.length > 0)) {
      const found = statusesIn(token)
      head.statuses.push(...found.exact)
      head.hundreds.push(...found.hundreds)
    } else if (
      FILLER.test(token) ||
      (head.codes.length > 0 && isAnd(token, text.slice(match.index + word.length), marks))
    ) {
      afterError = /error|code|fehler|erreur|エラー/i.test(token)
    } else if (
      known.has(token) ||
      isCodeWord(token, marks.has(token), afterError, ends || text.length === word.length)
    ) {
      // "PHONE_EMPTY: phone_number is missing": what follows describes.
      if (colon && head.codes.length > 0) break
      // "`write_refused` UploadWriteFailed": what it holds.
      if (head.codes.length > 0 && !apart && marks.has(head.codes[0]) && !marks.has(token)) break
      head.codes.push(token)
    } else {
      const reason = reasonAt(text, match.index)
      if (reason === 0 || (head.statuses.length === 0 && head.codes.length === 0)) break
      if (head.codes.length > 0) head.reason = text.slice(match.index, match.index + reason)
      words.lastIndex = match.index + reason
      from = words.lastIndex
      continue
    }
    from = match.index + word.length
    apart = !head.codes.includes(token) || /[,;/:：]$/.test(word)
    head.closed ||= ends
    colon ||= ends
  }
  head.rest = text.slice(from).replace(/^[\s:：\-–—→⇒.,)]+/, '')
  if (head.rest === '') head.closed = true
  return head
}

/** "and" where it is a word like others: a code must follow. */
const isAnd = (token: string, after: string, marks: ReadonlySet<string>): boolean => {
  if (!/^(?:en|of|i|e|a|ve|ja|tai|à|bis|to|through|do|t\/m)$/i.test(token)) return false
  const [next] = after.trim().split(/\s/, 1)
  const code = bareToken(next)
  return marks.has(code) || isStrong(code)
}

function isCodeWord(token: string, isMarked: boolean, afterError: boolean, ends: boolean): boolean {
  if (notACode(token) !== null || isReason(token))
    return ends && /^(?:FORBIDDEN|CONFLICT|GONE|UNAUTHORIZED|LOCKED)$/.test(token)
  const habit = habitOf(token)
  if (habit === null) return false
  if (habit === 'numeric') return /^-?\d{4,7}$/.test(token) && (isMarked || afterError || ends)
  return isStrong(token) || isMarked || (habit === 'upper' && ends && token.length > 3)
}

/** The length of HTTP's own words for a status here ("Too Many Requests"), or 0. */
function reasonAt(text: string, at: number): number {
  const words = text.slice(at, at + 60).split(/(?<=\s)/)
  for (let count = Math.min(5, words.length); count > 0; count--) {
    const phrase = words.slice(0, count).join('')
    if (isReason(phrase.replace(/[:：.,\-–—()*]+\s*$/, '').trim())) return phrase.trimEnd().length
  }
  return 0
}
