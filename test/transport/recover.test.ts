import {
  appendFile,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { frameBytes, writeFrame } from '../../services/transport/inline/frame.ts'
import { segmentPath } from '../../services/transport/inline/segment.ts'
import {
  append,
  appendAll,
  fingerprint,
  IDENTITY,
  journalIn,
  numbersOf,
  range,
  readAll,
  record,
  tempDirectory,
} from './temp-journal.ts'

const FRAME = frameBytes(100)
const STORED = { status: 'done', duplicate: false }
const DUPLICATE = { status: 'done', duplicate: true }

/** A closed journal with these groups of records in one segment. */
async function journalOf(...groups: number[][]): Promise<{ directory: string; path: string }> {
  const directory = await tempDirectory()
  const journal = await journalIn(directory)
  for (const group of groups) await appendAll(journal, group)
  await journal.close()
  return { directory, path: segmentPath(directory, 0) }
}

/** Changes one byte of a file. */
async function damage(path: string, byte: number): Promise<void> {
  const bytes = await readFile(path)
  bytes[byte] ^= 0xff
  await writeFile(path, bytes)
}

/** The frame that a process would have written for record `n`. */
function frameOf(n: number, offset: number, place = 0): Buffer {
  const bytes = Buffer.alloc(FRAME)
  writeFrame(bytes, 0, IDENTITY.seed, { offset, arrival: 1, place }, fingerprint(n), record(n))
  return bytes
}

describe('a torn tail', () => {
  test('is cut off, wherever the last frame is torn', async () => {
    const { directory, path } = await journalOf([0, 1], [2])
    const whole = await readFile(path)
    for (let kept = 2 * FRAME; kept < 3 * FRAME; kept++) {
      await writeFile(path, whole.subarray(0, kept))
      const notices: unknown[] = []
      const journal = await journalIn(directory, { notice: (_, details) => notices.push(details) })
      expect(journal.stats().cutBytes).toBe(kept - 2 * FRAME)
      expect(notices).toHaveLength(kept === 2 * FRAME ? 0 : 1)
      expect(numbersOf(await readAll(journal))).toEqual([0, 1])
      expect((await stat(path)).size).toBe(2 * FRAME)
      await journal.close()
    }
    const journal = await journalIn(directory)
    expect(await appendAll(journal, [1, 2])).toEqual([DUPLICATE, STORED])
    expect(numbersOf(await readAll(journal))).toEqual([0, 1, 2])
  })

  test('may hold whole frames of the group after the torn one', async () => {
    const { directory, path } = await journalOf([0], [1, 2, 3])
    await damage(path, FRAME + 50)
    const journal = await journalIn(directory)
    expect(journal.durableEnd).toBe(1)
    expect(journal.stats().cutBytes).toBe(3 * FRAME)
    expect(await appendAll(journal, [1, 2, 3])).toEqual([STORED, STORED, STORED])
  })

  test.each([
    ['zeros', Buffer.alloc(10_000)],
    ['ones', Buffer.alloc(10_000, 0xff)],
    ['text', Buffer.from('INSERT INTO '.repeat(500))],
  ])('may be %s', async (_, rubbish) => {
    const { directory, path } = await journalOf([0, 1])
    await appendFile(path, rubbish)
    const journal = await journalIn(directory)
    expect(journal.stats().cutBytes).toBe(rubbish.length)
    await append(journal, 2)
    expect(numbersOf(await readAll(journal))).toEqual([0, 1, 2])
  })

  test('that is the whole of the last segment leaves an empty one to go on with', async () => {
    const { directory } = await journalOf([0, 1])
    await writeFile(segmentPath(directory, 2), frameOf(2, 2).subarray(0, 80))
    const journal = await journalIn(directory)
    expect(journal.durableEnd).toBe(2)
    await append(journal, 2)
    expect(numbersOf(await readAll(journal))).toEqual([0, 1, 2])
    expect(journal.stats().segments).toBe(2)
  })
})

describe('damage', () => {
  test('before records that were acknowledged later is no torn tail', async () => {
    const { directory, path } = await journalOf([0], [1], [2])
    await damage(path, FRAME + 60)
    const opening = journalIn(directory)
    await expect(opening).rejects.toMatchObject({ name: 'JournalProblem', code: 'damaged' })
    await expect(opening).rejects.toThrow(
      `${path} is damaged at byte ${FRAME}: records from 1 on were acknowledged`,
    )
    // Nothing was changed: the file can still be examined or repaired.
    expect((await stat(path)).size).toBe(3 * FRAME)
    await damage(path, FRAME + 60)
    expect(numbersOf(await readAll(await journalIn(directory)))).toEqual([0, 1, 2])
  })

  test('in a segment that has a successor is told with file, byte and records', async () => {
    const directory = await tempDirectory()
    const journal = await journalIn(directory, { segmentBytes: 300 })
    for (const n of range(0, 9)) await append(journal, n)
    await journal.close()
    const path = segmentPath(directory, 3)
    const whole = await readFile(path)
    for (const broken of [whole.subarray(0, whole.length - 1), whole.subarray(0, FRAME), Buffer.alloc(0)]) {
      await writeFile(path, broken)
      const good = Math.floor(broken.length / FRAME)
      await expect(journalIn(directory)).rejects.toThrow(
        `${path} is damaged at byte ${good * FRAME}: records ${3 + good} to 5 were acknowledged`,
      )
    }
    await rm(path)
    await expect(journalIn(directory)).rejects.toThrow('records 3 to 5')
    // What is stored for good may be missing.
    const lenient = await journalIn(directory, { position: 6 })
    expect(numbersOf(await readAll(lenient, 6))).toEqual([6, 7, 8])
  })

  test('of records that are stored already does no harm, but is noticed', async () => {
    const directory = await tempDirectory()
    const journal = await journalIn(directory, { segmentBytes: 300 })
    for (const n of range(0, 9)) await append(journal, n)
    await journal.close()
    await damage(segmentPath(directory, 0), 100)
    const notices: string[] = []
    const again = await journalIn(directory, { position: 4, notice: (message) => notices.push(message) })
    expect(notices[0]).toContain('damaged')
    expect(numbersOf(await readAll(again, 4))).toEqual([4, 5, 6, 7, 8])
    expect(again.oldest).toBe(3)
  })

  test('while it runs is met by the reader, who says where', async () => {
    const directory = await tempDirectory()
    const journal = await journalIn(directory)
    await appendAll(journal, [0, 1, 2])
    await damage(segmentPath(directory, 0), FRAME + 60)
    await expect(journal.read(0, 1000)).rejects.toThrow(`damaged at byte ${FRAME}: record 1`)
    await truncate(segmentPath(directory, 0), FRAME)
    await expect(readAll(journal)).rejects.toMatchObject({ code: 'damaged' })
  })

  test('a missing beginning is told', async () => {
    const directory = await tempDirectory()
    const journal = await journalIn(directory, { segmentBytes: 300 })
    for (const n of range(0, 9)) await append(journal, n)
    await journal.close()
    await rm(segmentPath(directory, 0))
    await expect(journalIn(directory)).rejects.toMatchObject({ code: 'incomplete' })
    await expect(journalIn(directory)).rejects.toThrow('The records 0 to 2 are missing')
  })
})

describe('after a failed write', () => {
  test('frames that could not be cut off are void once there is a next segment', async () => {
    const { directory, path } = await journalOf([0, 1])
    // Record 2 was answered "retry", then it was sent again and went into the next segment, before record 3.
    await appendFile(
      path,
      Buffer.concat([frameOf(2, 2), frameOf(77, 3, 1), frameOf(78, 4, 2).subarray(0, 90)]),
    )
    await writeFile(segmentPath(directory, 2), Buffer.concat([frameOf(2, 2), frameOf(3, 3)]))
    const journal = await journalIn(directory)
    expect(numbersOf(await readAll(journal))).toEqual([0, 1, 2, 3])
    expect((await stat(path)).size).toBe(2 * FRAME)
    // It was never stored, so it must be taken when it is sent again.
    expect(await appendAll(journal, [2, 77])).toEqual([DUPLICATE, STORED])
  })

  test('frames that a crash brings back are durable, and known when they are sent again', async () => {
    const { directory, path } = await journalOf([0, 1])
    await appendFile(path, frameOf(2, 2))
    const journal = await journalIn(directory)
    expect(await append(journal, 2)).toEqual(DUPLICATE)
    expect(numbersOf(await readAll(journal))).toEqual([0, 1, 2])
  })

  test('an empty next segment makes them void, too', async () => {
    const { directory, path } = await journalOf([0, 1])
    await appendFile(path, frameOf(2, 2))
    await writeFile(segmentPath(directory, 2), '')
    const journal = await journalIn(directory)
    expect(await append(journal, 2)).toEqual(STORED)
    expect(numbersOf(await readAll(journal))).toEqual([0, 1, 2])
  })
})

test('a journal that ends before the position goes on from the position', async () => {
  const { directory } = await journalOf([0, 1, 2])
  await rm(segmentPath(directory, 0))
  for (const offset of [3, 4]) {
    const journal = await journalIn(directory, { position: 3 })
    await append(journal, offset)
    expect((await readAll(journal, 3)).map((read) => read.offset)).toEqual(range(3, offset + 1))
    await journal.close()
  }
  expect((await readdir(directory)).filter((name) => name.endsWith('log'))).toEqual(['0000000000000003.log'])
})

test('a journal whose last records are stored but gone goes on from the position', async () => {
  const { directory, path } = await journalOf([0, 1, 2])
  await truncate(path, FRAME)
  const journal = await journalIn(directory, { position: 3 })
  expect(journal.durableEnd).toBe(3)
  await append(journal, 3)
  await journal.close()
  expect(numbersOf(await readAll(await journalIn(directory, { position: 3 }), 3))).toEqual([3])
})

test('every prefix of a journal can be opened, and holds a prefix of the records', async () => {
  const { directory, path } = await journalOf(range(0, 3), range(3, 5), range(5, 9))
  const whole = await readFile(path)
  const copy = join(directory, 'copy')
  for (let bytes = 0; bytes <= whole.length; bytes += 13) {
    await rm(copy, { recursive: true, force: true })
    await mkdir(copy)
    await copyFile(path, segmentPath(copy, 0))
    await truncate(segmentPath(copy, 0), bytes)
    const journal = await journalIn(copy)
    expect(numbersOf(await readAll(journal))).toEqual(range(0, Math.floor(bytes / FRAME)))
    await journal.close()
  }
})
