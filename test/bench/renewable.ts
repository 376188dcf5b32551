import { decodeMessage, ExportTraceServiceRequest } from '../otlp-proto.ts'

interface Decoded {
  resourceSpans: { scopeSpans: { spans: { spanId: Buffer }[] }[] }[]
}

const DIGITS = Buffer.from('0123456789abcdef')
let number = 0x1000_0000

/**
 * A payload that can be sent any number of times as another one: each call writes new request ids and a new id of its
 * first span into it, in place and in microseconds, so that what is measured is not the making of payloads.
 */
export function renewable(body: Buffer): () => Buffer {
  const { resourceSpans } = decodeMessage(ExportTraceServiceRequest, body) as unknown as Decoded
  const firstSpan = body.indexOf(resourceSpans[0]!.scopeSpans[0]!.spans[0]!.spanId)
  const requestIds: number[] = []
  for (let at = body.indexOf('req_'); at >= 0; at = body.indexOf('req_', at + 12)) requestIds.push(at + 4)
  return () => {
    body.writeUInt32LE(++number, firstSpan)
    for (const at of requestIds) {
      number++
      for (let digit = 0; digit < 8; digit++) body[at + digit] = DIGITS[(number >>> (4 * digit)) & 15]!
    }
    return body
  }
}
