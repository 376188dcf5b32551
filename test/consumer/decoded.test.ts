import { expect, test } from 'vitest'
import { compileCatalogs } from '../../services/catalog/classify.ts'
import { loadCatalogs } from '../../services/catalog/load.ts'
import { createBreaker } from '../../services/consumer/breaker.ts'
import { attributeTable } from '../../services/consumer/decode/attributes.ts'
import { createDecoder } from '../../services/consumer/decode/decoder.ts'
import { jsonToProtobuf } from '../../services/consumer/decode/json.ts'
import { type DeadLetter, decodedSource } from '../../services/consumer/decoded.ts'
import { newIngestCounters } from '../../services/consumer/ingest.ts'
import type { Source } from '../../services/contract/source.ts'
import { otlpPayload } from '../bench/otlp-payload.ts'

const { catalogs } = await loadCatalogs([])
const compiled = compileCatalogs(catalogs)
const NOW = Date.now()

function decoded(payloads: (Buffer | string)[]) {
  const records = payloads.map((one, offset) => ({ offset, arrival: NOW, record: Buffer.from(one) }))
  const raw: Source = {
    origin: 'kafka:t:0:aa',
    read: async (from) => records.filter(({ offset }) => offset >= from),
    wait: async () => {},
    release: async () => {},
  }
  const letters: DeadLetter[] = []
  const notices: string[] = []
  const clock = { now: NOW, version: 'one' }
  const ending = new AbortController()
  const breaker = createBreaker(async (letter) => {
    letters.push(letter)
    return true
  })
  const counters = newIngestCounters()
  const source = decodedSource(raw, {
    decode: createDecoder({
      attributes: attributeTable({}),
      attributesPerSpan: 10_000,
      maxAgeMs: 29 * 86_400_000,
    }),
    fromJson: jsonToProtobuf,
    catalogs: () => compiled,
    catalogsVersion: () => clock.version,
    cardinality: 10_000,
    counters,
    now: () => clock.now,
    breaker,
    signal: ending.signal,
    notice: (message) => notices.push(message),
  })
  const read = async (from: number) => {
    const [one] = await source.read(from, 1 << 20)
    return one && Buffer.from(one.record)
  }
  return { source, read, letters, notices, clock, counters, breaker, ending }
}

test('the same range with what was decided for it gives the same records, whatever the clock says now', async () => {
  // Times that are clamped by the clock, for they are in the future.
  const body = otlpPayload({ spans: 50, errors: 0.5, seed: 3, now: NOW + 40 * 86_400_000 })
  const { source, read, clock, notices } = decoded([body])
  source.begin!(null)
  // It begins with what comes first, however long that takes.
  clock.now += 3_600_000
  const first = await read(0)
  const shape = source.decided!()
  expect(shape).toEqual({ clock: NOW + 3_600_000, catalogs: 'one' })
  clock.now += 5 * 86_400_000
  source.begin!(null)
  expect((await read(0))!.equals(first!)).toBe(false)
  source.begin!(shape)
  expect((await read(0))!.equals(first!)).toBe(true)
  expect(source.decided!()).toEqual(shape)
  expect(notices).toEqual([])
  clock.version = 'two'
  source.begin!(shape)
  await read(0)
  expect(notices).toEqual(['a range of an earlier run is delivered with the catalogs of now'])
})

test('what cannot be decoded is put away with its bytes and leaves an empty record; a resend leaves one too', async () => {
  const body = otlpPayload({ spans: 5, errors: 1, seed: 3, now: NOW })
  const { source, read, letters, counters } = decoded([body, 'not OTLP', '{"resourceSpans": 5}', '', body])
  source.begin!(null)
  const good = await read(0)
  const [poison, badJson, resend] = [await read(1), await read(2), await read(3)]
  expect(letters).toMatchObject([
    { origin: 'kafka:t:0:aa', offset: 1, reason: 'protobuf', bytes: Buffer.from('not OTLP') },
    { offset: 2, reason: 'json', bytes: Buffer.from('{"resourceSpans": 5}') },
  ])
  expect(poison!.equals(resend!)).toBe(true)
  expect(badJson!.equals(resend!)).toBe(true)
  expect(resend!.length).toBeLessThan(good!.length)
  expect((await read(4))!.equals(good!)).toBe(true)
  expect(counters).toMatchObject({ payloads: 2, spans: 10, refused: { protobuf: 1, json: 1 } })
})

test('when nearly nothing can be decoded, nothing is put away any more, until the end', async () => {
  const body = otlpPayload({ spans: 1, errors: 1, seed: 3, now: NOW })
  const poison = Array.from({ length: 200 }, () => 'poison')
  const { source, read, letters, breaker, ending } = decoded([
    ...Array.from({ length: 30 }, () => body),
    ...poison,
  ])
  source.begin!(null)
  let offset = 0
  for (; breaker.problem() === null; offset++) {
    if (letters.length === 89) break
    await read(offset)
  }
  expect(breaker.problem()).toBeNull()
  const stuck = read(offset)
  while (breaker.problem() === null) await new Promise((resolve) => setImmediate(resolve))
  expect(breaker.problem()).toMatch(/^90 of the last 100 payloads could not be decoded/)
  ending.abort()
  expect(await stuck).toBeUndefined()
  expect(letters).toHaveLength(89)
})
