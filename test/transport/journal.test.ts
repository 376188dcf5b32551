import { readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import {
  append,
  appendAll,
  fingerprint,
  journalIn,
  numbersOf,
  range,
  readAll,
  record,
  tempDirectory,
  testClock,
} from './temp-journal.ts'

const STORED = { status: 'done', duplicate: false }
const DUPLICATE = { status: 'done', duplicate: true }
const RETRY = { status: 'retry', error: expect.any(Error) }

describe('records', () => {
  test('come back in order, also after the journal was closed and opened', async () => {
    const directory = await tempDirectory()
    const clock = testClock()
    const journal = await journalIn(directory, { clock })
    expect(await append(journal, 0)).toEqual(STORED)
    expect(await append(journal, 1, 0)).toEqual(STORED)
    await appendAll(journal, range(2, 50))
    const written = await readAll(journal)
    expect(written[7]).toEqual({ offset: 7, arrival: clock.wall, record: record(7) })
    expect(numbersOf(written)).toEqual(range(0, 50))
    expect(written.map(({ offset }) => offset)).toEqual(range(0, 50))
    await journal.close()

    const again = await journalIn(directory)
    expect(await readAll(again)).toEqual(written)
    expect(again.durableEnd).toBe(50)
    await append(again, 50)
    expect(numbersOf(await readAll(again, 48))).toEqual([48, 49, 50])
    expect(again.stats().cutBytes).toBe(0)
  })

  test('that arrive together are written together', async () => {
    const journal = await journalIn(await tempDirectory())
    const outcomes = await appendAll(journal, range(0, 5000))
    expect(outcomes.every((outcome) => outcome.status === 'done' && !outcome.duplicate)).toBe(true)
    expect(journal.stats().groups).toBe(1)
    // Those that come while a group is being written make the next one, however many turns they take to come.
    const first = append(journal, 5000)
    const later: Promise<unknown>[] = []
    let durable = false
    first.then(() => {
      durable = true
    })
    for (let n = 5001; !durable || later.length === 0; n++) {
      later.push(append(journal, n))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(later)
    expect(journal.stats().groups).toBeLessThanOrEqual(4)
    expect(numbersOf(await readAll(journal))).toEqual(range(0, 5001 + later.length))
  })

  test('may be changed by the caller as soon as append has returned', async () => {
    const journal = await journalIn(await tempDirectory())
    const scratch = record(1)
    const print = fingerprint(1)
    const appended = journal.append(print, scratch)
    scratch.fill(0)
    print.fill(0)
    await appended
    expect(numbersOf(await readAll(journal))).toEqual([1])
    expect(await append(journal, 1)).toEqual(DUPLICATE)
  })

  test('may be larger than a segment, a read and the limits', async () => {
    const journal = await journalIn(await tempDirectory(), { segmentBytes: 1000, maxPendingBytes: 1000 })
    for (const n of range(0, 4))
      expect(await append(journal, n, n % 2 === 0 ? 5_000_000 : 10)).toEqual(STORED)
    const read = await readAll(journal, 0, 1)
    expect(numbersOf(read)).toEqual(range(0, 4))
    expect(read[2].record.equals(record(2, 5_000_000))).toBe(true)
    await journal.close()
  })

  test('read again from anywhere are the same, over many segments', async () => {
    const journal = await journalIn(await tempDirectory(), { segmentBytes: 20_000 })
    for (let n = 0; n < 2000; n += 40) await appendAll(journal, range(n, n + 40), n % 300)
    expect(journal.stats().segments).toBeGreaterThan(5)
    for (const from of [0, 1, 39, 40, 41, 777, 1500, 1499, 3, 1999])
      expect(numbersOf(await readAll(journal, from, 5000))).toEqual(range(from, 2000))
    expect(await journal.read(2000, 1000)).toEqual([])
    const together = await Promise.all([1900, 10, 1950].map((from) => journal.read(from, 1000)))
    expect(together.map((records) => numbersOf(records)[0])).toEqual([1900, 10, 1950])
  })

  test('too large for any frame, and fingerprints of another length, are bugs', async () => {
    const journal = await journalIn(await tempDirectory())
    expect(() => journal.append(fingerprint(1), Buffer.alloc(64 << 20))).toThrow(RangeError)
    expect(() => journal.append(Buffer.alloc(15), Buffer.alloc(1))).toThrow(RangeError)
  })
})

describe('wait', () => {
  test('resolves when there is something to read', async () => {
    const journal = await journalIn(await tempDirectory())
    let woken = false
    const waiting = journal.wait(1).then(() => {
      woken = true
    })
    await append(journal, 0)
    expect(woken).toBe(false)
    await append(journal, 1)
    await waiting
    await journal.wait(0)
    expect(numbersOf(await journal.read(1, 1000))).toEqual([1])
  })

  test('resolves when it is aborted, and when the journal closes', async () => {
    const journal = await journalIn(await tempDirectory())
    const abort = new AbortController()
    const aborted = journal.wait(0, abort.signal)
    abort.abort()
    await aborted
    await journal.wait(0, abort.signal)
    const closing = journal.wait(0)
    await journal.close()
    await closing
    expect(await append(journal, 0)).toEqual(RETRY)
  })
})

describe('the same payload', () => {
  test('sent again is not kept twice: in flight, durable, after opening again', async () => {
    const directory = await tempDirectory()
    const journal = await journalIn(directory)
    const together = [append(journal, 1), append(journal, 1), append(journal, 2), append(journal, 1)]
    expect(await Promise.all(together)).toEqual([STORED, DUPLICATE, STORED, DUPLICATE])
    const writing = append(journal, 3)
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
    expect(await Promise.all([append(journal, 3), writing])).toEqual([DUPLICATE, STORED])
    expect(await append(journal, 2)).toEqual(DUPLICATE)
    await journal.close()

    const again = await journalIn(directory)
    expect(await appendAll(again, [1, 2, 3, 4])).toEqual([DUPLICATE, DUPLICATE, DUPLICATE, STORED])
    expect(numbersOf(await readAll(again))).toEqual([1, 2, 3, 4])
  })

  test('is recognised after its segment is gone, for the window, also after opening again', async () => {
    const directory = await tempDirectory()
    const clock = testClock()
    const options = { clock, seenWindowMs: 1000, segmentBytes: 1000 }
    const journal = await journalIn(directory, options)
    for (let n = 0; n < 50; n += 10) await appendAll(journal, range(n, n + 10))
    await journal.release(45)
    expect(await readdir(directory)).toEqual([
      ...[0, 10, 20, 30].map((first) => `${String(first).padStart(16, '0')}.seen`),
      '0000000000000040.log',
    ])
    expect(await appendAll(journal, range(0, 50))).toEqual(Array(50).fill(DUPLICATE))
    await journal.close()

    const again = await journalIn(directory, { ...options, position: 45 })
    expect(await appendAll(again, range(0, 50))).toEqual(Array(50).fill(DUPLICATE))
    clock.mono += 1000
    await again.release(46)
    expect((await readdir(directory)).filter((name) => name.endsWith('seen'))).toEqual([])
    clock.mono += 1000
    expect(await append(again, 0)).toEqual(STORED)
    expect(numbersOf(await readAll(again, 45))).toEqual([...range(45, 50), 0])
  })

  test.each([
    ['back', -3_600_000],
    ['forward', 3_600_000],
    ['far forward', 1e11],
    ['to before 1970', -1e13],
  ])('is recognised although the wall clock jumps %s', async (_, jump) => {
    const directory = await tempDirectory()
    const clock = testClock()
    const options = { clock, segmentBytes: 500 }
    const journal = await journalIn(directory, options)
    for (let n = 0; n < 10; n++) await append(journal, n)
    clock.wall += jump
    for (let n = 10; n < 20; n++) await append(journal, n)
    expect(await appendAll(journal, range(0, 20))).toEqual(Array(20).fill(DUPLICATE))
    await journal.release(15)
    expect(journal.stats().oldestAgeMs).toBeGreaterThanOrEqual(0)
    await journal.close()

    clock.wall += jump
    const again = await journalIn(directory, { ...options, position: 15 })
    expect(await appendAll(again, range(0, 20))).toEqual(Array(20).fill(DUPLICATE))
    // A minute of real time later, still.
    clock.mono += 60_000
    expect(await appendAll(again, range(0, 20))).toEqual(Array(20).fill(DUPLICATE))
  })

  test('is recognised although the file of fingerprints was written only in part', async () => {
    // As if the process had died while it replaced the segment: both are there.
    const directory = await tempDirectory()
    const journal = await journalIn(directory)
    await append(journal, 1)
    await journal.close()
    const { writeFile } = await import('node:fs/promises')
    await writeFile(`${directory}/0000000000000000.seen`, 'half')
    const noticed: string[] = []
    const again = await journalIn(directory, { notice: (message) => noticed.push(message) })
    expect(noticed).toHaveLength(1)
    expect(await append(again, 1)).toEqual(DUPLICATE)
  })
})

describe('limits', () => {
  test('a full journal refuses until records are released', async () => {
    const journal = await journalIn(await tempDirectory(), { maxBytes: 10_000, segmentBytes: 1 << 20 })
    const outcomes = await appendAll(journal, range(0, 100))
    expect(outcomes.filter(({ status }) => status === 'done')).toHaveLength(69) // 144 bytes each
    expect(outcomes[99]).toEqual(RETRY)
    expect(journal.stats().bytes).toBe(69 * 144)
    expect(await append(journal, 0)).toEqual(DUPLICATE)
    await journal.release(69)
    expect(journal.stats()).toMatchObject({ bytes: 0, oldestAgeMs: 0, released: 69, segments: 1 })
    expect(await append(journal, 99)).toEqual(STORED)
    expect(numbersOf(await readAll(journal, 69))).toEqual([99])
  })

  test('what waits to be written is bounded', async () => {
    const journal = await journalIn(await tempDirectory(), { maxPendingBytes: 10_000 })
    const outcomes = await appendAll(journal, range(0, 100))
    expect(outcomes.filter(({ status }) => status === 'done')).toHaveLength(69)
    expect(await append(journal, 99)).toEqual(STORED)
    expect(numbersOf(await readAll(journal))).toEqual([...range(0, 69), 99])
  })
})

describe('release', () => {
  test('removes whole segments and keeps the rest readable', async () => {
    const directory = await tempDirectory()
    const clock = testClock()
    const journal = await journalIn(directory, { segmentBytes: 1000, clock })
    for (let n = 0; n < 50; n += 10) {
      await appendAll(journal, range(n, n + 10))
      clock.wall += 5000
    }
    expect(journal.stats()).toMatchObject({ segments: 5, bytes: 50 * 144, oldestAgeMs: 25_000 })
    await journal.read(0, 1)
    expect(journal.removes(9)).toBe(false)
    expect(journal.removes(10)).toBe(true)
    await journal.release(25)
    expect(journal.stats()).toMatchObject({ segments: 3, released: 25, oldestAgeMs: 15_000 })
    expect(journal.oldest).toBe(20)
    expect(numbersOf(await readAll(journal, 25))).toEqual(range(25, 50))
    await expect(journal.read(5, 1000)).rejects.toThrow('released')
    await journal.release(10)
    expect(journal.stats().released).toBe(25)
    await journal.release(1000)
    expect(journal.stats()).toMatchObject({ released: 50, segments: 1, bytes: 0 })
    expect(journal.removes(50)).toBe(false)
  })

  test('goes on while records are appended and read', async () => {
    const directory = await tempDirectory()
    const journal = await journalIn(directory, { segmentBytes: 2000, maxBytes: 1 << 20 })
    const consumed: number[] = []
    const consumer = (async () => {
      while (consumed.length < 3000) {
        await journal.wait(consumed.length)
        consumed.push(...numbersOf(await journal.read(consumed.length, 3000)))
        await journal.release(consumed.length)
      }
    })()
    for (let n = 0; n < 3000; n += 30) {
      const outcomes = await appendAll(journal, range(n, n + 30))
      expect(outcomes.every(({ status }) => status === 'done')).toBe(true)
    }
    await consumer
    expect(consumed).toEqual(range(0, 3000))
    expect(journal.stats().segments).toBe(1)
  })
})
