import type { Payload } from '../columns/payload.ts'
import type { AttributeTable } from './attributes.ts'
import { type DecodeError, Scanner } from './scan.ts'

export interface DecoderOptions {
  attributes: AttributeTable
  /** Attributes beyond it are not looked at. */
  attributesPerSpan: number
  /** Spans older than this are counted at the time they arrived. */
  maxAgeMs: number
}

export type Decode = (bytes: Uint8Array, payload: Payload, arrivalMs: number) => DecodeError | null

/**
 * Makes a decoder of OTLP trace requests in protobuf. It adds to the payload, which the caller resets; when it
 * answers an error the payload holds half of the request and must be thrown away.
 */
export function createDecoder(options: DecoderOptions): Decode {
  const scanner = new Scanner(options)
  return (bytes, payload, arrivalMs) => scanner.decode(bytes, payload, arrivalMs)
}
