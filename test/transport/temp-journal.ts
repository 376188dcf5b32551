import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Source, SourceRecord } from '../../services/contract/source.ts'
import type { Clock } from '../../services/transport/inline/clock.ts'
import { type Journal, type JournalOptions, openJournal } from '../../services/transport/inline/journal.ts'

export async function tempDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'telltale-journal-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

export const IDENTITY = { origin: 'inline:test', seed: 4711 }

export async function journalIn(directory: string, options: Partial<JournalOptions> = {}): Promise<Journal> {
  const journal = await openJournal({ directory, identity: IDENTITY, position: 0, ...options })
  onTestFinished(() => journal.close())
  return journal
}

/** A fingerprint made of a number. */
export function fingerprint(n: number): Buffer {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt32LE(n)
  return bytes
}

/** A record that tells which one it is. */
export const record = (n: number, size = 100): Buffer => Buffer.from(`record ${n} `.padEnd(size, '.'))

export const append = (journal: Pick<Journal, 'append'>, n: number, size?: number) =>
  journal.append(fingerprint(n), record(n, size))

export async function appendAll(journal: Pick<Journal, 'append'>, numbers: Iterable<number>, size?: number) {
  return Promise.all([...numbers].map((n) => append(journal, n, size)))
}

export async function readAll(
  source: Pick<Source, 'read'>,
  from = 0,
  maxBytes = 1 << 20,
): Promise<SourceRecord[]> {
  const all: SourceRecord[] = []
  for (;;) {
    const some = await source.read(from, maxBytes)
    if (some.length === 0) return all
    all.push(...some)
    from = some[some.length - 1].offset + 1
  }
}

/** Which records (made by `record`) these are. */
export const numbersOf = (records: SourceRecord[]): number[] =>
  records.map(({ record }) => Number(/^record (\d+) /.exec(record.toString('latin1', 0, 30))![1]))

export const range = (from: number, end: number): number[] =>
  Array.from({ length: end - from }, (_, i) => from + i)

/** Clocks that only a test moves. */
export function testClock(): Clock & { wall: number; mono: number } {
  const clock = { wall: Date.UTC(2026, 10, 21), mono: 1000, now: () => clock.wall, elapsed: () => clock.mono }
  return clock
}
