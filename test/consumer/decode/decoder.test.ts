import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Payload } from '../../../services/consumer/columns/payload.ts'
import { attributeTable, type UserAliases } from '../../../services/consumer/decode/attributes.ts'
import { createDecoder } from '../../../services/consumer/decode/decoder.ts'
import { otlpPayload } from '../../bench/otlp-payload.ts'
import { ARRIVAL_MS, arbitraryPayload } from './arbitrary-payload.ts'
import { oracle } from './oracle.ts'
import { readPayload } from './read-payload.ts'

/** TELLTALE_FUZZ_RUNS for a long night. */
const RUNS = Number(process.env.TELLTALE_FUZZ_RUNS ?? 300)
const MAX_AGE_MS = 30 * 86_400_000

function decodeTo(payload: Payload, bytes: Uint8Array, aliases: UserAliases = {}) {
  const decode = createDecoder({
    attributes: attributeTable(aliases),
    attributesPerSpan: 10_000,
    maxAgeMs: MAX_AGE_MS,
  })
  payload.reset()
  return decode(bytes, payload, ARRIVAL_MS)
}

const byText = (a: unknown, b: unknown) => (text(a) < text(b) ? -1 : 1)
const text = (value: unknown) =>
  JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? `${inner}n` : inner))
const ordered = ({ traffic, quotaSamples, ...rest }: ReturnType<typeof oracle>) => ({
  ...rest,
  traffic: traffic.toSorted(byText),
  quotaSamples: quotaSamples.toSorted(byText),
})

describe('the scanner and an independent decoder agree', () => {
  const payload = new Payload(60_000)

  const ALIASES: Record<string, string[]>[] = [
    {},
    { code: ['my.code', 'error.type'], request_id: ['my.request'], retry_after: ['x', 'user_ms'] },
  ]
  test.each(ALIASES)('on any request, with aliases %j', (aliases) => {
    fc.assert(
      fc.property(arbitraryPayload, (bytes) => {
        expect(decodeTo(payload, bytes, aliases)).toBeNull()
        const expected = oracle(bytes, { arrivalMs: ARRIVAL_MS, maxAgeMs: MAX_AGE_MS, aliases })
        expect(ordered(readPayload(payload))).toEqual(ordered(expected))
      }),
      { numRuns: RUNS },
    )
  })

  test.each(['ascending', 'descending'] as const)('on plausible spans, fields %s', (order) => {
    for (let seed = 1; seed <= 5; seed++) {
      const bytes = otlpPayload({ spans: 600, errors: 0.6, limits: 0.5, order, seed, now: ARRIVAL_MS })
      expect(decodeTo(payload, bytes)).toBeNull()
      const expected = oracle(bytes, { arrivalMs: ARRIVAL_MS, maxAgeMs: MAX_AGE_MS })
      expect(ordered(readPayload(payload))).toEqual(ordered(expected))
    }
  })
})
