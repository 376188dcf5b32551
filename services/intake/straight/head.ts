import type { IncomingHttpHeaders } from 'node:http'

/** The head of a request that has exactly the usual form. */
export interface Head {
  url: string
  headers: IncomingHttpHeaders
  /** The size of the body. */
  length: number
  /** Where the body begins. */
  end: number
}

/** Exporters send half a kilobyte; node:http takes 16 KiB of headers. */
const MAX_HEAD = 8 * 1024
const BEGIN = Buffer.from('POST /v1/')
const REQUEST_LINE = /^POST (\/v1\/(?:traces|logs|metrics)) HTTP\/1\.1$/
/** A token, one colon, one space, visible text. Where the standard allows more, that is node:http's. */
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ([!-~](?:[ -~]*[!-~])?)$/
const LENGTH = /^(?:0|[1-9]\d{0,9})$/

/** What says how a message is framed or what becomes of its connection, and what asks for other than an answer. */
const NOT_USUAL = new Set([
  'expect',
  'http2-settings',
  'origin',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * Reads the head that begins at `from`, if all of it is there and it has exactly the form that exporters send. Null is
 * no verdict: whatever is not understood to the last byte is for node:http to read, from its first byte on. So there is
 * no request about whose end the two could be of different opinions.
 */
export function readHead(bytes: Buffer, from: number): Head | null {
  if (bytes.compare(BEGIN, 0, BEGIN.length, from, Math.min(from + BEGIN.length, bytes.length)) !== 0)
    return null
  const end = bytes.subarray(from, from + MAX_HEAD).indexOf('\r\n\r\n')
  if (end < 0) return null
  const [requestLine, ...lines] = bytes.toString('latin1', from, from + end).split('\r\n')
  const url = REQUEST_LINE.exec(requestLine!)?.[1]
  if (url === undefined) return null
  const headers: IncomingHttpHeaders = Object.create(null)
  for (const line of lines) {
    const found = HEADER.exec(line)
    if (found === null) return null
    const name = found[1]!.toLowerCase()
    if (NOT_USUAL.has(name) || headers[name] !== undefined) return null
    headers[name] = found[2]
  }
  const { host, connection, 'content-length': length = '' } = headers
  if (host === undefined || !LENGTH.test(length)) return null
  if (connection !== undefined && connection.toLowerCase() !== 'keep-alive') return null
  return { url, headers, length: Number(length), end: from + end + 4 }
}
