import { deriveRetry } from '../instrumentation/retry-policy/derive-retry.ts'
import { wordsOfCode } from '../instrumentation/retry-policy/error-class.ts'

// Whether a text says the same as another in other words, or something else. Told by the words they share, and by what
// both are about; when in doubt it is the same: a reviewer reads the change anyway.

const EMPTY = new Set(
  'a an and are as at be been by can could did do does error for from has have if in is it its may must no not of on or please request requests response so such that the their then there this to try was were when which will with you your'.split(
    ' ',
  ),
)
/** Enough of a word to see that "expired" and "expiration" are one. */
const STEM = 5
/** Texts that share a quarter of the shorter one's words are about the same thing. */
const RELATED = 0.25

export function saysTheSame(code: string, before: string, after: string): boolean {
  const [old, now] = [stems(before), stems(after)]
  // What consists of small words alone cannot be compared.
  if (old.size === 0 || now.size === 0) return true
  if (share(old, now) >= RELATED) return true
  // Rather the code's own words than the former text's.
  if (share(stems(wordsOfCode(code)), now) >= RELATED) return true
  const [oldClass, newClass] = [before, after].map(
    (words) => deriveRetry({ code: '', http: [], words }).class,
  )
  return oldClass !== 'other' && oldClass === newClass
}

function stems(text: string): Set<string> {
  const words = text
    .toLowerCase()
    .match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}]+/gu)
  return new Set((words ?? []).filter((word) => !EMPTY.has(word)).map((word) => word.slice(0, STEM)))
}

function share(one: Set<string>, other: Set<string>): number {
  const least = Math.min(one.size, other.size)
  return least === 0 ? 0 : [...one].filter((word) => other.has(word)).length / least
}
