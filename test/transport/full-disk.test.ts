import { execFile, execFileSync } from 'node:child_process'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Journal } from '../../services/transport/inline/journal.ts'
import {
  append,
  appendAll,
  journalIn,
  numbersOf,
  range,
  readAll,
  tempDirectory,
  testClock,
} from './temp-journal.ts'

const STORED = { status: 'done', duplicate: false }
const DUPLICATE = { status: 'done', duplicate: true }
const BALLAST = 'ballast'
const NO_DISK = 'mounting a small file system takes root on Linux'

/** A file system of one megabyte; null where we may not have one. */
async function smallDisk(): Promise<string | null> {
  const directory = await tempDirectory()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'telltale-test', directory], { stdio: 'ignore' })
  } catch {
    return null
  }
  onTestFinished(() => {
    execFileSync('umount', ['-l', directory])
  })
  return directory
}

/** Leaves no byte free. */
async function fill(disk: string): Promise<void> {
  for (const size of [1 << 20, 4096, 1])
    for (let n = 0; ; n++) {
      const full = await writeFile(join(disk, `${BALLAST}-${size}-${n}`), Buffer.alloc(size)).catch(
        () => true,
      )
      if (full) break
    }
}

async function free(disk: string): Promise<void> {
  for (const name of await readdir(disk)) if (name.startsWith(BALLAST)) await rm(join(disk, name))
}

/** Sends until it is taken, as an exporter does. */
async function insist(journal: Journal, n: number): Promise<unknown> {
  let outcome: unknown
  await expect
    .poll(async () => (outcome = await append(journal, n, 1000)), { timeout: 10_000, interval: 20 })
    .toMatchObject({ status: 'done' })
  return outcome
}

describe('on a full disk', () => {
  test('records are refused; with space again they are taken; none is lost or doubled', async ({ skip }) => {
    const disk = await smallDisk()
    if (disk === null) return skip(NO_DISK)
    const notices: string[] = []
    const journal = await journalIn(disk, { notice: (message) => notices.push(message) })
    const taken: number[] = []
    for (let round = 0; round < 3; round++) {
      await fill(disk)
      const refused: number[] = []
      // What is left of the last page may do for a few.
      for (let n = round * 1000; refused.length < 40; n += 10) {
        const outcomes = await appendAll(journal, range(n, n + 10), 1000)
        for (const [index, { status }] of outcomes.entries())
          (status === 'done' ? taken : refused).push(n + index)
      }
      expect(journal.stats().failure).toMatchObject({ code: 'ENOSPC' })
      expect(numbersOf(await readAll(journal))).toEqual(taken)
      await free(disk)
      for (const n of refused) {
        expect(await insist(journal, n)).toEqual(STORED)
        taken.push(n)
      }
      expect(journal.stats().failure).toBeNull()
      expect(numbersOf(await readAll(journal))).toEqual(taken)
    }
    expect(notices).toHaveLength(3)
    await journal.close()

    const reopened = await journalIn(disk)
    expect(numbersOf(await readAll(reopened))).toEqual(taken)
    expect(new Set(taken).size).toBe(taken.length)
    expect(await appendAll(reopened, taken, 1000)).toEqual(taken.map(() => DUPLICATE))
  })

  test('it is opened again as it was, whatever was being written', async ({ skip }) => {
    const disk = await smallDisk()
    if (disk === null) return skip(NO_DISK)
    const journal = await journalIn(disk)
    await appendAll(journal, range(0, 50), 1000)
    await fill(disk)
    const outcomes = await appendAll(journal, range(50, 200), 1000)
    expect(outcomes.at(-1)).toMatchObject({ status: 'retry', error: { code: 'ENOSPC' } })
    await journal.close()
    const again = await journalIn(disk)
    expect(numbersOf(await readAll(again))).toEqual(range(0, 50))
    expect(await append(again, 60, 100_000)).toMatchObject({ status: 'retry' })
    await free(disk)
    expect(await insist(again, 60)).toEqual(STORED)
  })

  test('whoever waits behind a failed write is refused with it, and so is who sent the same', async ({
    skip,
  }) => {
    const disk = await smallDisk()
    if (disk === null) return skip(NO_DISK)
    const journal = await journalIn(disk)
    await append(journal, 0, 1000)
    await fill(disk)
    const writing = [append(journal, 1, 100_000), append(journal, 1, 100_000)]
    await new Promise((resolve) => setImmediate(resolve))
    expect(journal.stats().pendingBytes).toBeGreaterThan(100_000)
    // Small enough to fit into the last page, were it not for those before.
    const waiting = [append(journal, 2, 10), append(journal, 1, 100_000), append(journal, 2, 10)]
    for (const outcome of await Promise.all([...writing, ...waiting]))
      expect(outcome).toMatchObject({ status: 'retry', error: { code: 'ENOSPC' } })
    expect(await append(journal, 0, 1000)).toEqual(DUPLICATE)
    await free(disk)
    for (const n of [2, 1]) expect(await insist(journal, n)).toEqual(STORED)
    expect(numbersOf(await readAll(journal))).toEqual([0, 2, 1])
  })

  test('what is released makes room, and its payloads are still recognised after a restart', async ({
    skip,
  }) => {
    const disk = await smallDisk()
    if (disk === null) return skip(NO_DISK)
    const journal = await journalIn(disk, { segmentBytes: 100_000 })
    for (let n = 0; n < 500; n += 50) await appendAll(journal, range(n, n + 50), 1000)
    await fill(disk)
    expect(await append(journal, 1000, 200_000)).toMatchObject({ status: 'retry' })
    await journal.release(500)
    expect(await insist(journal, 1000)).toEqual(STORED)
    await journal.close()
    const again = await journalIn(disk, { position: 500 })
    expect(await appendAll(again, range(0, 500), 1000)).toEqual(Array(500).fill(DUPLICATE))
  })
})

test('the rest of a disk is left to others, with room for what is not released', async () => {
  const clock = testClock()
  const notices: string[] = []
  let free = 150_000
  const journal = await journalIn(await tempDirectory(), {
    clock,
    room: { free: async () => free, reserveBytes: 100_000 },
    notice: (message) => notices.push(message),
  })
  const NO_ROOM = { status: 'retry', error: { code: 'ENOSPC', message: expect.stringMatching(/1 MiB more/) } }
  // What is in the journal is left free once more, for the store.
  expect(await append(journal, 1, 20_000)).toEqual(STORED)
  expect(await journal.problem()).toBeNull()
  expect(await append(journal, 2, 31_000)).toMatchObject(NO_ROOM)
  expect(notices).toEqual(['the journal cannot be written'])
  await journal.release(1)
  clock.mono += 200
  expect(await append(journal, 2, 31_000)).toEqual(STORED)
  expect(journal.stats().failure).toBeNull()

  free = 99_000
  clock.mono += 200
  expect(await journal.problem()).toMatch(/disk is full: 1 MiB more must be free/)
  expect(await append(journal, 3, 10)).toMatchObject(NO_ROOM)
  expect(await append(journal, 2, 31_000)).toEqual(DUPLICATE)
  // Whoever looks hears of room before anybody has tried again.
  free = 1_000_000
  clock.mono += 200
  expect(await journal.problem()).toBeNull()
  expect(await append(journal, 3, 10)).toEqual(STORED)
  expect(numbersOf(await readAll(journal))).toEqual([1, 2, 3])
})

// Needs no privileges: the system refuses to let any file grow beyond 64 KB.
test.runIf(process.platform === 'linux')('a file that cannot grow is followed by a new one', async () => {
  const directory = await tempDirectory()
  const child = new URL('limited-file-child.ts', import.meta.url).pathname
  const command = `ulimit -f 64 && exec "$0" "$@"`
  const arguments_ = [
    '-c',
    command,
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    child,
    directory,
  ]
  const { stdout } = await promisify(execFile)('bash', arguments_)
  const { taken, refusals, read } = JSON.parse(stdout)
  expect(taken).toBe(500)
  expect(refusals).toBeGreaterThan(2)
  expect(read).toEqual(range(0, 500))
  const journal = await journalIn(directory)
  expect(numbersOf(await readAll(journal))).toEqual(range(0, 500))
  expect(journal.stats().segments).toBeGreaterThan(2)
})
