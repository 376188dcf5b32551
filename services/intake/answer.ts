import type { ServerResponse } from 'node:http'
import type { ApiErrorCode } from '../contract/errors.ts'
import { STATUS_CODES } from '../contract/node-http.ts'
import { type Encoding, MEDIA_TYPES } from './media-type.ts'

/** What a request is answered with: complete, so that it can be counted before it is sent. */
export interface Answer {
  status: number
  headers: Record<string, string | number>
  body: Buffer
  /** In the words of our catalog, where the status says less. */
  code?: ApiErrorCode
}

/** The gRPC code that belongs to a status; clients look at the HTTP status first. */
const GRPC_CODES = {
  400: 3, // INVALID_ARGUMENT
  401: 16, // UNAUTHENTICATED
  403: 7, // PERMISSION_DENIED
  404: 12, // UNIMPLEMENTED
  405: 12,
  413: 8, // RESOURCE_EXHAUSTED, as gRPC says of messages that are too large
  415: 3,
  429: 8, // a client may send it again, as with 503
  431: 3,
  503: 14, // UNAVAILABLE
} as const
export type FailureStatus = keyof typeof GRPC_CODES

/** An exporter logs it; the rest of a longer text would help nobody. */
const MAX_MESSAGE = 512

const answer = (status: number, encoding: Encoding, body: Buffer, headers = {}): Answer => ({
  status,
  headers: { 'content-type': MEDIA_TYPES[encoding], 'content-length': body.length, ...headers },
  body,
})

/** By far the most frequent answers, made once. */
const COMPLETE: Record<Encoding, Answer> = {
  protobuf: answer(200, 'protobuf', Buffer.alloc(0)),
  json: answer(200, 'json', Buffer.from('{}')),
}

/** An Export…ServiceResponse. The three signals' responses are alike: field 1 says what was not taken, and why. */
export function success(encoding: Encoding, rejected = 0, message = ''): Answer {
  if (rejected === 0 && message === '') return COMPLETE[encoding]
  const errorMessage = message.slice(0, MAX_MESSAGE)
  if (encoding === 'json') {
    const partialSuccess = { rejectedSpans: String(rejected), errorMessage }
    return answer(200, encoding, Buffer.from(JSON.stringify({ partialSuccess })))
  }
  const partialSuccess = Buffer.concat([integer(1, rejected), text(2, errorMessage)])
  return answer(200, encoding, bytes(1, partialSuccess))
}

/** A google.rpc.Status in the request's own form, JSON where that is neither of the two. */
export function failure(
  encoding: Encoding | undefined,
  status: FailureStatus,
  reason: string,
  headers: Answer['headers'] = {},
): Answer {
  const code = GRPC_CODES[status]
  const message = reason.slice(0, MAX_MESSAGE)
  if (encoding !== 'protobuf')
    return answer(status, 'json', Buffer.from(JSON.stringify({ code, message })), headers)
  return answer(status, encoding, Buffer.concat([integer(1, code), text(2, message)]), headers)
}

export const tryAgain = (encoding: Encoding | undefined, reason: string, seconds: number): Answer =>
  failure(encoding, 503, reason, { 'retry-after': Math.max(1, Math.ceil(seconds)) })

export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers)
  response.end(body)
}

/** The answer's head as it goes over the wire; `more` are lines about the connection. */
export function headText({ status, headers }: Answer, more: string): string {
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`
  for (const name in headers) text += `${name}: ${headers[name]}\r\n`
  return `${text}${more}\r\n`
}

/** The whole of it, for a request that never became one. */
export const asText = (answer: Answer): string => headText(answer, 'connection: close\r\n') + answer.body

function varint(value: number): Buffer {
  const bytes = []
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128)
  return Buffer.of(...bytes, value)
}

const integer = (field: number, value: number) => Buffer.concat([Buffer.of(field << 3), varint(value)])
const bytes = (field: number, value: Buffer) =>
  Buffer.concat([Buffer.of((field << 3) | 2), varint(value.length), value])
const text = (field: number, value: string) => bytes(field, Buffer.from(value))
