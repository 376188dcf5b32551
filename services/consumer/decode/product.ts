const SPACE = 0x20
const PARENTHESIS = 0x28
const MAX_BYTES = 64

/** Where the first product of a user agent ends: `acme-sdk/3.2.1 (linux) node/24` → `acme-sdk/3.2.1`. */
export function productEnd(bytes: Uint8Array, start: number, end: number): number {
  const last = Math.min(end, start + MAX_BYTES)
  for (let at = start; at < last; at++) {
    const byte = bytes[at]!
    if (byte <= SPACE || byte === PARENTHESIS || byte > 126) return at
  }
  return last
}
