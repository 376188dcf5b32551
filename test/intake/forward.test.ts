import { expect, test } from 'vitest'
import { newIngestCounters } from '../../services/consumer/ingest.ts'
import { createForward } from '../../services/intake/forward.ts'
import { otlpPayload } from '../bench/otlp-payload.ts'

/** What a body becomes on its way to the topic. */
async function piecesOf(body: Buffer, pieceBytes = 1_000_000) {
  const pieces: { hash: string; bytes: number }[] = []
  const forward = createForward({
    fromJson: () => ({ reason: 'not here' }),
    append: async (those) => {
      pieces.push(
        ...those.map(({ hash, payload }) => ({ hash: hash.toString('hex'), bytes: payload.length })),
      )
      return { status: 'done', duplicate: false }
    },
    pieceBytes,
    counters: newIngestCounters(),
  })
  expect(await forward(body, 'protobuf', 0)).toMatchObject({ status: 'done', rejectedSpans: 0 })
  return pieces
}

test('the hash of a payload is the first half of its BLAKE3, in this version and the next', async () => {
  // An empty ResourceSpans. The value is from the reference implementation: processes of two versions that write to
  // one topic must know a payload that is sent to one and then to the other.
  const [piece] = await piecesOf(Buffer.from([0x0a, 0x00]))
  expect(piece).toEqual({ hash: '1f689a456b251eaf4c2f1e236ad982e0', bytes: 2 })
})

test('a payload sent again has the same pieces with the same hashes, another one has others', async () => {
  const make = (seed: number) => piecesOf(otlpPayload({ spans: 40, seed, now: 1_790_000_000_000 }), 4_000)
  const [first, again, other] = await Promise.all([make(1), make(1), make(2)])
  expect(first.length).toBeGreaterThan(2)
  expect(again).toEqual(first)
  expect(new Set([...first, ...other].map(({ hash }) => hash)).size).toBe(first.length + other.length)
})
