/** Of an id, so much is stored; the decoder cuts what comes in likewise. */
const MOST_BYTES = 256

/** An id as it is stored: a longer one is cut, but not within a character. */
export function storedId(id: string): string {
  const bytes = Buffer.from(id)
  if (bytes.length <= MOST_BYTES) return id
  let end = MOST_BYTES
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end)
}
