import { MAX_MESSAGE_BYTES, Scrubber } from './scrubber.ts'

/** What the scrubber looks at of a text is bounded; encoding more of it would be for nothing. */
const MOST_CHARACTERS = 4096

let scrubber: Scrubber | undefined

/** A message without secrets, at most 256 bytes of it. */
export function scrubbed(message: string): string {
  scrubber ??= new Scrubber()
  const bytes = Buffer.from(message.slice(0, MOST_CHARACTERS))
  const length = scrubber.scrub(bytes, 0, bytes.length)
  if (length >= 0) return scrubber.out.toString('utf8', 0, length)
  let end = Math.min(bytes.length, MAX_MESSAGE_BYTES)
  while (end < bytes.length && end > 0 && (bytes[end]! & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end)
}
