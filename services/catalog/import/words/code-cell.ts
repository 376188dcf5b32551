import type { Inline } from '../page.ts'
import { bareToken, habitOf, isStrong, notACode } from './code-shape.ts'

/** What columns hold is asked of every cell, several times. */
const remembered = new WeakMap<Inline, readonly string[]>()

/** The codes a cell consists of; none where it holds anything else. */
export function codesOfCell(cell: Inline): readonly string[] {
  const before = remembered.get(cell)
  if (before !== undefined) return before
  const codes = codesIn(cell)
  remembered.set(cell, codes)
  return codes
}

function codesIn({ text, marked }: Inline): string[] {
  if (text === '' || text.length > 300) return []
  const stripped = text.replace(/^(?:error )?code:?\s+/i, '').replace(STATUS_BEFORE, '')
  const parts = stripped
    .split(/\s*[,;、]\s*|\s+(?:or|and|\/|und|oder|et|ou|y|или|и)\s+/i)
    .filter((part) => part !== '')
  const ranged = parts.length <= 8 ? parts.flatMap((part) => rangeOf(part) ?? [part]) : parts
  const tokens = ranged.map(bareToken)
  if (tokens.every((token) => isCodeInCell(token))) return tokens
  const first = marked[0]
  // `code` and a word on it, as "`code` (deprecated)".
  if (
    first !== undefined &&
    text.startsWith(first) &&
    isCodeInCell(first) &&
    text.length < first.length + 40
  ) {
    return marked.filter((mark) => isCodeInCell(mark) && (isStrong(mark) || mark === first))
  }
  const [, lone] = /^(\S+)\s*\((?:deprecated|new|beta|legacy|removed|\d+)\)$/i.exec(stripped) ?? []
  return lone && isCodeInCell(lone) ? [lone] : []
}

const RANGE =
  /^(\p{L}[\p{L}_-]*?-?|-)?(\d{2,9})\s*(?:[-–—…]|\.{2,3}|to|through|until|bis|à|a|al|t\/m|do|до|～|~|至)\s*(\1)?(\d{2,9})$/iu
/** A page that names both ends means few. */
const WIDEST = 50

/** "BF-2001 – BF-2003": all three. */
export function rangeOf(text: string): string[] | null {
  const [, prefix = '', low, again, high] = RANGE.exec(text.replace(/[`*]/g, '').trim()) ?? []
  if (low === undefined || high.length !== low.length) return null
  // "AB12-34" is a name.
  if (again === undefined && /\d-\d/.test(text)) return null
  const count = Number(high) - Number(low)
  // "400-404" are statuses, "2023-2025" years.
  if (count < 1 || count > WIDEST || (prefix === '' && low.length < 4)) return null
  return Array.from(
    { length: count + 1 },
    (_, at) => `${prefix}${String(Number(low) + at).padStart(low.length, '0')}`,
  )
}

/** "404 no_such_thing": not "404 NotFound", which are HTTP's own words. */
const STATUS_BEFORE =
  /^[45]\d\d\s*[-–—:/]?\s+(?=[\p{L}\d]+(?:[-_./:][\p{L}\d]+)+$|\p{Ll}+\p{Lu}\S+$|[A-Z]{1,4}-?\d{2,}$|\d{4,9}$|(?:\p{Lu}\p{Ll}+){2,}$)/u

/** "EKey:Unknown key": a class and words, where no space follows the colon. */
const WORDED = /^\p{Lu}\p{L}{1,30}:\p{Lu}[\p{L}\d]*(?:[ :][\p{L}\d]+){0,6}$/u

const isCodeInCell = (token: string): boolean =>
  WORDED.test(token) ||
  (habitOf(token) !== null &&
    notACode(token) === null &&
    !/^(?:yes|no|true|false|other|default|any|all|-+)$/i.test(token))
