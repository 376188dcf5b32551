import { MAX_MESSAGE_BYTES, Scrubber } from '../../instrumentation/scrub/scrubber.ts'

const REDACTED = '[redacted]'
/** What is looked at together, and how far the next look is: longer than any key that is told by its form alone. */
const WINDOW = MAX_MESSAGE_BYTES - 56
const STEP = WINDOW / 2
/** Documentation says "Bearer YOUR_KEY" and "password: required"; what is secret has a digit among its letters. */
const VALUE = /(?=[\w.~+/-]*\d)(?=[\w.~+/-]*[a-z])[\w.~+/-]{8,}/i

/**
 * Whether a line holds what is taken out of messages before they are stored: a credential. An e-mail address is none
 * here, nor is a URL's query as such; a parameter of it may be.
 */
export function looksSecret(line: string): boolean {
  if (!VALUE.test(line)) return false
  const scrubber = new Scrubber()
  const bytes = Buffer.from(line.replace(/[?#&]/g, ' '))
  for (let at = 0; at === 0 || at + WINDOW - STEP < bytes.length; at += STEP) {
    const end = Math.min(at + WINDOW, bytes.length)
    const length = scrubber.scrub(bytes, at, end)
    if (length > 0 && isTakenOut(bytes.toString('utf8', at, end), scrubber.out.toString('utf8', 0, length)))
      return true
  }
  return false
}

function isTakenOut(before: string, after: string): boolean {
  if (!after.includes(REDACTED)) return false
  return (before.match(new RegExp(VALUE, 'gi')) ?? []).some((value) => !after.includes(value))
}
