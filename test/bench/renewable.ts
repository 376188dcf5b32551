import { decodeMessage, ExportTraceServiceRequest } from '../otlp-proto.ts'

interface Decoded {
  resourceSpans: {
    scopeSpans: {
      spans: {
        traceId: Buffer
        attributes: { key: string; value: { stringValue?: string; arrayValue?: unknown } }[]
      }[]
    }[]
  }[]
}

const DIGITS = Buffer.from('0123456789abcdef')
let number = 0x1000_0000

/**
 * A payload that can be sent any number of times as another one: each call writes new trace ids and request ids into
 * its first span and all that failed, in place and in microseconds, so that what is measured is not the making of
 * payloads, and no id that is stored was stored before.
 */
export function renewable(body: Buffer, isDescending = false): () => Buffer {
  const { resourceSpans } = decodeMessage(ExportTraceServiceRequest, body) as unknown as Decoded
  const { spans } = resourceSpans[0]!.scopeSpans[0]!
  const stored = spans.filter(
    ({ attributes }, index) => index === 0 || attributes.some(({ key }) => key === 'api.error.code'),
  )
  const traceIds = stored.map(({ traceId }) => body.indexOf(traceId))
  const requestIds = stored.map(({ traceId }) => {
    const at = body.indexOf(traceId)
    // The Collector writes a span's fields in descending order: its trace id last.
    return (isDescending ? body.lastIndexOf('req_', at) : body.indexOf('req_', at)) + 4
  })
  return () => {
    for (const at of traceIds) body.writeUInt32LE(number++, at)
    for (const at of requestIds) {
      number++
      for (let digit = 0; digit < 8; digit++) body[at + digit] = DIGITS[(number >>> (4 * digit)) & 15]!
    }
    return body
  }
}
