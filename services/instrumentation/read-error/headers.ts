/** Lower-case names; several values of one header are joined by a comma, as HTTP allows. */
export type ResponseHeaders = ReadonlyMap<string, string>

/** No server sends more; whoever does is not worth reading on. */
const MOST_HEADERS = 256
const LONGEST_VALUE = 8192

/**
 * Headers of any client: fetch's Headers or a Map (anything iterable by pairs), node:http's object of strings and
 * arrays, its flat `rawHeaders`, or undici's list of byte strings. What cannot be read is left out.
 */
export function readHeaders(given: unknown): ResponseHeaders {
  const headers = new Map<string, string>()
  if (typeof given !== 'object' || given === null) return headers
  try {
    if (Array.isArray(given) && !Array.isArray(given[0])) {
      for (let i = 0; i + 1 < given.length && i < 2 * MOST_HEADERS; i += 2)
        add(headers, given[i], given[i + 1])
    } else if (Symbol.iterator in given) {
      let count = 0
      for (const pair of given as Iterable<unknown>) {
        if (++count > MOST_HEADERS) break
        if (Array.isArray(pair)) add(headers, pair[0], pair[1])
      }
    } else {
      for (const name of Object.keys(given).slice(0, MOST_HEADERS)) addFrom(headers, given, name)
    }
  } catch {
    // A proxy or an iterator of somebody else's: what was read until then stands.
  }
  return headers
}

/** One getter that throws does not cost the other headers. */
function addFrom(headers: Map<string, string>, given: object, name: string): void {
  try {
    add(headers, name, (given as Record<string, unknown>)[name])
  } catch {}
}

function add(headers: Map<string, string>, name: unknown, value: unknown): void {
  const key = text(name)?.toLowerCase()
  const parts = Array.isArray(value) ? value.slice(0, 16).map(text) : [text(value)]
  const written = parts.filter((part) => part !== null).join(', ')
  if (!key || written === '') return
  const before = headers.get(key)
  headers.set(key, (before === undefined ? written : `${before}, ${written}`).slice(0, LONGEST_VALUE))
}

const latin1 = new TextDecoder('latin1')

function text(value: unknown): string | null {
  if (typeof value === 'string') return value.slice(0, LONGEST_VALUE).trim()
  if (typeof value === 'number') return String(value)
  if (value instanceof Uint8Array) return latin1.decode(value.subarray(0, LONGEST_VALUE)).trim()
  return null
}
