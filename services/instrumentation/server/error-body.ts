import { decompressed } from '../client/decompressed.ts'
import { rawHeader } from '../client/raw-headers.ts'
import type { ServedCall } from './served-call.ts'

/** The beginning of the body that was sent, as it was before it was compressed; null where there is nothing to read. */
export function errorBody({ body, bodyLength }: ServedCall, headers: unknown): Uint8Array | null {
  if (bodyLength === 0) return null
  const bytes = body.length === 1 ? body[0]! : Buffer.concat(body, bodyLength)
  return decompressed(bytes, rawHeader(headers, 'content-encoding').trim())
}
