import { expect, test } from 'vitest'
import { readHead } from '../../../services/intake/straight/head.ts'

const USUAL = [
  'POST /v1/traces HTTP/1.1',
  'Host: localhost:4318',
  'User-Agent: OTel-OTLP-Exporter-JavaScript/0.203.0',
  'content-type: application/x-protobuf',
  'Authorization: Bearer tt_a',
  'Content-Length: 12',
  'Connection: keep-alive',
]
const read = (lines: string[], before = '') =>
  readHead(Buffer.from(`${before}${lines.join('\r\n')}\r\n\r\nrest`, 'latin1'), before.length)
/** The usual head with the lines that begin so replaced. */
const but = (begin: string, ...by: string[]) => [
  ...USUAL.filter((line) => !line.toLowerCase().startsWith(begin.toLowerCase())),
  ...by,
]

test('what exporters send, wherever it begins', () => {
  for (const before of ['', 'the request before']) {
    const head = read(USUAL, before)!
    expect(head).toMatchObject({ url: '/v1/traces', length: 12 })
    expect({ ...head.headers }).toEqual({
      host: 'localhost:4318',
      'user-agent': 'OTel-OTLP-Exporter-JavaScript/0.203.0',
      'content-type': 'application/x-protobuf',
      authorization: 'Bearer tt_a',
      'content-length': '12',
      connection: 'keep-alive',
    })
    expect(head.end).toBe(before.length + USUAL.join('\r\n').length + 4)
  }
  for (const signal of ['logs', 'metrics'])
    expect(read(USUAL.with(0, `POST /v1/${signal} HTTP/1.1`))).toMatchObject({ url: `/v1/${signal}` })
  expect(read(but('connection'))).toMatchObject({ length: 12 })
  expect(read(but('content-length', 'content-length: 0'))).toMatchObject({ length: 0 })
})

test.each([
  ['another method', USUAL.with(0, 'PUT /v1/traces HTTP/1.1')],
  ['another path', USUAL.with(0, 'POST /v1/tracesx HTTP/1.1')],
  ['a query', USUAL.with(0, 'POST /v1/traces?a HTTP/1.1')],
  ['a whole address', USUAL.with(0, 'POST http://x/v1/traces HTTP/1.1')],
  ['an older version', USUAL.with(0, 'POST /v1/traces HTTP/1.0')],
  ['two spaces', USUAL.with(0, 'POST  /v1/traces HTTP/1.1')],
  ['no host', but('host')],
  ['two hosts', [...USUAL, 'host: b']],
  ['no length', but('content-length')],
  ['two lengths, though alike', [...USUAL, 'content-length: 12']],
  ['a length with a sign', but('content-length', 'Content-Length: +1')],
  ['a length with a zero before', but('content-length', 'Content-Length: 012')],
  ['a list of lengths', but('content-length', 'Content-Length: 12, 12')],
  ['a length beyond counting', but('content-length', 'Content-Length: 99999999999')],
  ['chunks', [...USUAL, 'Transfer-Encoding: chunked']],
  ['chunks by another spelling', [...USUAL, 'transfer-encoding:chunked']],
  ['the end of the connection', but('connection', 'Connection: close')],
  ['more about the connection', but('connection', 'Connection: keep-alive, te')],
  ['an expectation', [...USUAL, 'Expect: 100-continue']],
  ['an upgrade', [...USUAL, 'Upgrade: h2c']],
  ['a page of a site', [...USUAL, 'Origin: https://shop.example']],
  ['any header twice', [...USUAL, 'X-A: 1', 'x-a: 1']],
  ['a header without a value', [...USUAL, 'X-A:']],
  ['no space after the colon', [...USUAL, 'X-A:1']],
  ['a space before the colon', [...USUAL, 'X-A : 1']],
  ['space at the end', [...USUAL, 'X-A: 1 ']],
  ['a folded line', [...USUAL, ' 1']],
  ['letters beyond ASCII', [...USUAL, 'X-A: \xfc']],
  ['a zero', [...USUAL, 'X-A: \x00']],
  ['a lone line feed', [...USUAL, 'X-A: 1\nTransfer-Encoding: chunked']],
  ['a lone carriage return', [...USUAL, 'X-A: 1\rX-B: 2']],
  ['more than 8 KiB', [...USUAL, `X-A: ${'x'.repeat(8 * 1024)}`]],
])('%s is for node:http', (_what, lines) => expect(read(lines)).toBeNull())

test('so is a head that is not all there', () => {
  const whole = Buffer.from(`${USUAL.join('\r\n')}\r\n\r\n`)
  for (let length = 0; length < whole.length; length++)
    expect(readHead(whole.subarray(0, length), 0)).toBeNull()
  expect(readHead(whole, 0)).not.toBeNull()
})
