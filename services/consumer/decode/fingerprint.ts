import type { Payload } from '../columns/payload.ts'

/**
 * Folds a span's identity (where its ids stand in the bytes, 0 for nowhere, and when it began) into its payload's
 * fingerprint, so that the same spans in another order make another one.
 */
export function foldSpan(
  payload: Payload,
  view: DataView,
  traceAt: number,
  spanAt: number,
  startLow: number,
  startHigh: number,
): void {
  let low = payload.mixLow
  let high = payload.mixHigh
  if (traceAt !== 0) {
    low = Math.imul(low ^ view.getInt32(traceAt, true), 0x85ebca6b)
    high = Math.imul(high ^ view.getInt32(traceAt + 4, true), 0xc2b2ae35)
    low = Math.imul(low ^ view.getInt32(traceAt + 8, true), 0x9e3779b1)
    high = Math.imul(high ^ view.getInt32(traceAt + 12, true), 0x27d4eb2f)
  }
  if (spanAt !== 0) {
    low = Math.imul((low << 13) ^ (low >>> 19) ^ view.getInt32(spanAt, true), 0x165667b1)
    high = Math.imul((high << 11) ^ (high >>> 21) ^ view.getInt32(spanAt + 4, true), 0x85ebca77)
  }
  low = Math.imul(low ^ startLow ^ (high >>> 15), 0xcc9e2d51)
  high = Math.imul(high ^ startHigh ^ (low >>> 16), 0x1b873593)
  payload.mixLow = low ^ (high << 7)
  payload.mixHigh = (high + low) | 0
}
