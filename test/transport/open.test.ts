import { readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type InlineTransport, openInline } from '../../services/transport/inline/open.ts'
import { listSegments, segmentPath } from '../../services/transport/inline/segment.ts'
import { append, appendAll, numbersOf, range, readAll, tempDirectory } from './temp-journal.ts'

async function opened(directory: string, segmentBytes?: number): Promise<InlineTransport> {
  const transport = await openInline({ directory, segmentBytes })
  onTestFinished(() => transport.close())
  return transport
}

/** A closed transport with records 0 to 9, the first four of them stored, in segments of three. */
async function closedTransport() {
  const directory = join(await tempDirectory(), 'not', 'made', 'yet')
  const transport = await opened(directory, 300)
  for (const n of range(0, 10)) await append(transport, n)
  await transport.ledger.intend({ first: 0, end: 4 })
  await transport.ledger.advance(4)
  await transport.source.release(4)
  await transport.close()
  return { directory, origin: transport.source.origin }
}

test('goes on where it was', async () => {
  const { directory, origin } = await closedTransport()
  const transport = await opened(directory)
  expect(transport.source.origin).toBe(origin)
  expect(origin).toMatch(/^inline:[0-9a-f]{16}$/)
  expect(transport.ledger.read()).toEqual({ position: 4, intent: null })
  expect(numbersOf(await readAll(transport.source, 4))).toEqual(range(4, 10))
  expect(await append(transport, 0)).toEqual({ status: 'done', duplicate: true })
  expect(transport.stats()).toMatchObject({ released: 4, durableEnd: 10, cutBytes: 0 })
})

test('a journal that was deleted and made again has another origin', async () => {
  const { directory, origin } = await closedTransport()
  await rm(directory, { recursive: true })
  const transport = await opened(directory)
  expect(transport.source.origin).not.toBe(origin)
  expect(transport.ledger.read()).toEqual({ position: 0, intent: null })
})

test('only one at a time has it', async () => {
  const { directory } = await closedTransport()
  const transport = await opened(directory)
  await expect(openInline({ directory })).rejects.toMatchObject({ name: 'JournalProblem', code: 'in_use' })
  await append(transport, 10)
  await transport.close()
  expect((await opened(directory)).stats().durableEnd).toBe(11)
})

test('removes nothing that the ledger on disk still asks for', async () => {
  const { directory } = await closedTransport()
  const transport = await opened(directory)
  await transport.ledger.intend({ first: 4, end: 8 })
  await transport.ledger.advance(8)
  await transport.source.release(8)
  // A copy of the directory at this moment is what a crash would leave.
  const { cp } = await import('node:fs/promises')
  const crashed = join(await tempDirectory(), 'crashed')
  await cp(directory, crashed, { recursive: true })
  const again = await opened(crashed)
  expect(again.ledger.read()).toEqual({ position: 8, intent: null })
  expect(numbersOf(await readAll(again.source, 8))).toEqual([8, 9])
})

test('finds an intent that was not advanced, and its records', async () => {
  const { directory } = await closedTransport()
  const first = await opened(directory)
  await first.ledger.intend({ first: 4, end: 8, shape: { catalog: 1 } })
  await first.close()
  const transport = await opened(directory)
  expect(transport.ledger.read()).toEqual({
    position: 4,
    intent: { first: 4, end: 8, shape: { catalog: 1 } },
  })
  expect(numbersOf(await readAll(transport.source, 4))).toEqual(range(4, 10))
})

test('a lost position is told, unless there is nothing to be mistaken about', async () => {
  const { directory } = await closedTransport()
  await rm(join(directory, 'position'))
  await expect(openInline({ directory })).rejects.toMatchObject({ code: 'incomplete' })
  await writeFile(join(directory, 'position'), 'rubbish')
  await expect(openInline({ directory })).rejects.toThrow(
    'nobody knows which of the records 3 to 9 are stored',
  )

  const fresh = join(await tempDirectory(), 'journal')
  await (await opened(fresh)).close()
  await truncate(join(fresh, 'position'), 10)
  expect((await opened(fresh)).ledger.read()).toEqual({ position: 0, intent: null })
})

test('a position lost with everything stored: offsets begin anew, and under a new name', async () => {
  const directory = join(await tempDirectory(), 'journal')
  const before = await opened(directory)
  await appendAll(before, range(0, 3))
  await before.ledger.advance(3)
  await before.source.release(3)
  await before.close()
  for (const first of await listSegments(directory)) await rm(segmentPath(directory, first))
  await rm(join(directory, 'position'))

  const after = await opened(directory)
  expect(after.ledger.read()).toEqual({ position: 0, intent: null })
  expect(after.source.origin).not.toBe(before.source.origin)
})

test('the only record is damaged, and was meant to be stored: refused, with its bytes left as they are', async () => {
  const directory = join(await tempDirectory(), 'journal')
  const before = await opened(directory)
  await append(before, 0)
  await before.ledger.intend({ first: 0, end: 1 })
  await before.close()
  const path = segmentPath(directory, 0)
  const damaged = await readFile(path)
  damaged[damaged.length - 1]! ^= 1
  await writeFile(path, damaged)

  await expect(openInline({ directory })).rejects.toMatchObject({ code: 'damaged' })
  expect(await readFile(path)).toEqual(damaged)
})

test('a journal of another format, or without its id, is left alone', async () => {
  const { directory } = await closedTransport()
  await writeFile(join(directory, 'id'), 'telltale-journal-2 0123456789abcdef')
  await expect(openInline({ directory })).rejects.toThrow('telltale-journal-2')
  await writeFile(join(directory, 'id'), '')
  await expect(openInline({ directory })).rejects.toMatchObject({ code: 'damaged' })
  await rm(join(directory, 'id'))
  await expect(openInline({ directory })).rejects.toMatchObject({ code: 'incomplete' })
})

test('records missing after the position are told', async () => {
  const { directory } = await closedTransport()
  await rm(segmentPath(directory, 3))
  await expect(openInline({ directory })).rejects.toThrow('The records 4 to 5 are missing')
})

test('records missing from an intended range are told', async () => {
  const { directory } = await closedTransport()
  const first = await opened(directory)
  await first.ledger.intend({ first: 4, end: 10 })
  await first.close()
  await truncate(segmentPath(directory, 9), 0)
  await expect(openInline({ directory })).rejects.toThrow('The records 9 to 9 are missing')
})

test('a journal emptied by hand after all was stored goes on', async () => {
  const { directory } = await closedTransport()
  const first = await opened(directory)
  await first.ledger.advance(10)
  await first.close()
  for (const offset of [3, 6, 9]) await rm(segmentPath(directory, offset))
  const transport = await opened(directory)
  await appendAll(transport, [20, 21])
  expect((await readAll(transport.source, 10)).map(({ offset }) => offset)).toEqual([10, 11])
})
