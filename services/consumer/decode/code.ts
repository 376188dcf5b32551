// Is an `error.type` a machine-readable code? It may as well be a status number, `_OTHER` or the class of an
// exception, and those are not what an API's catalog lists. What is told by the letters alone:
//
//   code:  timeout  card.declined  auth/invalid-email  ECONNREFUSED  RATE_LIMIT_EXCEEDED  rateLimitExceeded
//   not:   500  _OTHER  PaymentDeclined  java.net.SocketTimeoutException  std::bad_alloc  *url.Error  Not found

const MAX_BYTES = 128
const OTHER = Buffer.from('_OTHER')
const CLASS_ENDINGS = [Buffer.from('Exception'), Buffer.from('Error'), Buffer.from('Fault')]

export function isCode(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end || end - start > MAX_BYTES || equals(bytes, start, end, OTHER)) return false
  let upper = 0
  let lower = 0
  let dots = 0
  let joints = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!
    if (byte >= 0x61 && byte <= 0x7a) lower++
    else if (byte >= 0x41 && byte <= 0x5a) upper++
    else if (byte === 0x2e || byte === 0x2f) dots++
    else if (byte === 0x5f || byte === 0x2d) joints++
    else if (byte === 0x3a) {
      // One colon separates the parts of some codes, two those of a class.
      if (bytes[at + 1] === 0x3a && at + 1 < end) return false
      dots++
    } else if (byte < 0x30 || byte > 0x39) return false
  }
  if (upper + lower === 0) return false
  if (upper === 0 || lower === 0) return true
  // Mixed case: camelCase and Parted_Words are codes, a qualified or capitalised name is a class.
  if (dots > 0 || CLASS_ENDINGS.some((ending) => equals(bytes, end - ending.length, end, ending)))
    return false
  const first = bytes[start]!
  return joints > 0 || (first >= 0x61 && first <= 0x7a)
}

function equals(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  return end - start === text.length && text.every((byte, i) => bytes[start + i] === byte)
}
