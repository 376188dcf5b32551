import { describe, expect, test } from 'vitest'
import { readNote, writeNote } from '../../../services/transport/kafka/note.ts'
import { Resends, RUNS_A_RANGE } from '../../../services/transport/kafka/resends.ts'
import { type Found, planTakeover, type Stored } from '../../../services/transport/kafka/takeover.ts'

const note = (more: object = {}) =>
  writeNote({ generation: 'aa', intent: null, resends: [], recentFrom: null, ...more })
const plan = (found: Partial<Found>, stored: Stored[] = []) =>
  planTakeover(
    {
      topic: 't',
      partition: 3,
      generation: 'aa',
      committed: { offset: -1, metadata: null },
      low: 0,
      high: 1000,
      known: null,
      ...found,
    },
    async (_, from) => stored.filter(({ end }) => end > from),
  )

describe('a note', () => {
  test('says again what it was given', () => {
    const full = {
      generation: 'aa.17',
      intent: { first: 500, end: 900, shape: { cardinality: 10, clock: 5 } },
      resends: [
        [503, 1],
        [600, 40],
      ] as const,
      recentFrom: 77,
    }
    expect(readNote(writeNote(full), 500)).toEqual(full)
    const bare = { generation: 'aa', intent: null, resends: [], recentFrom: null }
    expect(readNote(writeNote(bare), 500)).toEqual(bare)
    for (const other of [null, '', 'hello', '{}']) expect(readNote(other, 0)).toBeNull()
  })

  test('of as many resends as a range may have fits a commit', () => {
    const resends = Array.from({ length: RUNS_A_RANGE }, (_, i) => [9_000_000_000 + i * 100_000, 9] as const)
    const shape = { cardinality: 10_000, clock: 1_795_280_510_468, catalogs: 'abcdefabcdef' }
    const intent = { first: 9_000_000_000, end: 9_040_000_000, shape }
    expect(() => writeNote({ generation: 'f'.repeat(16), intent, resends, recentFrom: 8e9 })).not.toThrow()
  })
})

describe('a partition is taken over', () => {
  test('where its note says, with what was intended', async () => {
    const intent = { first: 40, end: 50, shape: { clock: 1 } }
    const taken = await plan({ committed: { offset: 40, metadata: note({ intent, recentFrom: 12 }) } })
    expect(taken).toEqual({
      origin: 'kafka:t:3:aa',
      generation: 'aa',
      position: 40,
      ranges: [intent],
      resends: [],
      readFrom: 12,
      gap: null,
    })
  })

  test('at the beginning by a new group, but nothing that is stored is counted anew', async () => {
    expect(await plan({})).toMatchObject({ position: 0, ranges: [], gap: null })
    const stored = [
      { first: 20, end: 30 },
      { first: 0, end: 10 },
    ]
    expect(await plan({}, stored)).toMatchObject({
      position: 0,
      ranges: [
        { first: 0, end: 10 },
        { first: 10, end: 20 },
        { first: 20, end: 30 },
      ],
    })
  })

  test('where a reset put it, or at the beginning of the block that the reset cuts', async () => {
    const stored = [
      { first: 0, end: 10 },
      { first: 10, end: 30 },
    ]
    expect(await plan({ committed: { offset: 12, metadata: '' } }, stored)).toMatchObject({
      position: 10,
      ranges: [{ first: 10, end: 30 }],
    })
    expect(await plan({ committed: { offset: 500, metadata: null } }, stored)).toMatchObject({
      position: 500,
      ranges: [],
      resends: null,
      // What came lately is looked at again, for nobody has noted since when.
      readFrom: 0,
    })
  })

  test('at its beginning when it was made anew: the note is of another life', async () => {
    const committed = { offset: 40, metadata: note({ generation: 'old' }) }
    expect(await plan({ committed })).toMatchObject({
      origin: 'kafka:t:3:aa',
      position: 0,
      ranges: [],
      gap: null,
    })
  })

  test('after a gap when records are gone, and a block that is gone in part stays as it is stored', async () => {
    const intent = { first: 40, end: 60 }
    const committed = { offset: 40, metadata: note({ intent }) }
    expect(await plan({ committed, low: 50 })).toMatchObject({
      position: 50,
      ranges: [],
      gap: { first: 40, end: 50 },
    })
    expect(await plan({ committed, low: 50 }, [{ first: 40, end: 60 }])).toMatchObject({
      position: 60,
      ranges: [],
    })
    // Kafka's own recovery has overwritten the commit; this process knows where it was.
    const overwritten = { offset: -2, metadata: '' }
    expect(await plan({ committed: overwritten, low: 50, known: 44 })).toMatchObject({
      position: 50,
      gap: { first: 44, end: 50 },
    })
    expect(await plan({ committed: overwritten, low: 50 })).toMatchObject({ position: 50, gap: null })
  })

  test('under another name when the log lost its end: its offsets mean other records now', async () => {
    const first = await plan({ committed: { offset: 40, metadata: note() }, high: 30 })
    expect(first).toMatchObject({ origin: 'kafka:t:3:aa.30', position: 30, ranges: [] })
    const later = await plan({ committed: { offset: 60, metadata: note({ generation: first.generation }) } })
    expect(later).toMatchObject({ origin: 'kafka:t:3:aa.30', position: 60 })
  })
})

describe('resends', () => {
  const hash = (n: number) => Buffer.alloc(16, n)

  test('are what came before; a range that was written down is judged as it was', () => {
    const live = new Resends([], undefined)
    expect([1, 2, 1, 1, 3, 2].map((n, offset) => live.isResend(offset, offset, hash(n)))).toEqual([
      false,
      false,
      true,
      true,
      false,
      true,
    ])
    expect(live.isResend(6, 6, null)).toBe(false)
    expect(live.within(0, 6)).toEqual([
      [2, 2],
      [5, 1],
    ])
    expect(live.within(3, 5)).toEqual([[3, 1]])

    // A process that knows nothing of what came before offset 2, and one that has heard of it twice.
    const ignorant = new Resends(live.within(2, 6), { first: 2, end: 6 })
    expect([1, 1, 3, 2].map((n, i) => ignorant.isResend(2 + i, i, hash(n)))).toEqual([
      true,
      true,
      false,
      true,
    ])
    const wary = new Resends([], { first: 2, end: 4 })
    wary.remember(0, 0, hash(1))
    expect(wary.isResend(2, 2, hash(1))).toBe(false)
    expect(wary.isResend(4, 4, hash(1))).toBe(true)
  })

  test('of one range are only so many: what follows waits for the next one', () => {
    const many = new Resends([], undefined)
    for (let offset = 0; offset < 2 * RUNS_A_RANGE + 4; offset++)
      many.isResend(offset, offset, offset % 2 === 0 ? hash(1) : Buffer.from(String(offset).padStart(16)))
    const barrier = many.barrier(0)
    expect(barrier).toBeLessThan(2 * RUNS_A_RANGE + 4)
    expect(many.within(0, barrier)).toHaveLength(RUNS_A_RANGE)
    expect(many.barrier(barrier)).toBe(Number.POSITIVE_INFINITY)
  })
})
