// Headers as clients have them from the parser: a flat list of names and values, texts (node:http) or bytes (undici), or
// over HTTP/2 an object. Looked at without making anything of them, for most calls succeed and nothing is said.

/** The value of one header; '' where there is none. */
export function rawHeader(headers: unknown, name: string): string {
  if (!Array.isArray(headers)) {
    const value = (headers as Record<string, unknown> | null)?.[name]
    return value === undefined ? '' : String(value)
  }
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const given: unknown = headers[i]
    if ((given as ArrayLike<unknown>).length !== name.length) continue
    if (String(given).toLowerCase() === name) return String(headers[i + 1])
  }
  return ''
}

/** Bytes as texts, which is several times faster here than where anything may come. */
export const textHeaders = (headers: unknown): unknown =>
  Array.isArray(headers)
    ? headers.map((given) => (Buffer.isBuffer(given) ? given.toString('latin1') : given))
    : headers
