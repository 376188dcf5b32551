import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  createLedger,
  type JournalLedger,
  openLedger,
  SLOT_BYTES,
} from '../../services/transport/inline/ledger.ts'
import { tempDirectory } from './temp-journal.ts'

const ORIGIN = 'inline:test'

function closing(ledger: JournalLedger): JournalLedger {
  onTestFinished(() => ledger.close())
  return ledger
}

async function newLedger(position = 0) {
  const path = join(await tempDirectory(), 'position')
  return { path, ledger: closing(await createLedger(path, ORIGIN, position)) }
}

/** What a process would find that starts now. */
async function onDisk(path: string) {
  const ledger = await openLedger(path, ORIGIN)
  const state = ledger?.read() ?? null
  await ledger?.close()
  return state
}

describe('the ledger', () => {
  test('keeps an intent from before the insert until it has advanced', async () => {
    const { path, ledger } = await newLedger(10)
    expect(await onDisk(path)).toEqual({ position: 10, intent: null })
    const intent = { first: 10, end: 25, shape: { catalog: 'v7', clamp: 1_790_000_000_000 } }
    await ledger.intend(intent)
    expect(ledger.read()).toEqual({ position: 10, intent })
    expect(await onDisk(path)).toEqual({ position: 10, intent })
    await ledger.advance(25)
    expect(ledger.read()).toEqual({ position: 25, intent: null })
    // Only noted: a crash now would deliver the range again, without effect.
    expect(await onDisk(path)).toEqual({ position: 10, intent })
    await ledger.intend({ first: 25, end: 26 })
    expect(await onDisk(path)).toEqual({ position: 25, intent: { first: 25, end: 26 } })
  })

  test('is written out by flush, by close and after a moment of rest', async () => {
    const { path, ledger } = await newLedger()
    await ledger.advance(3)
    await ledger.flush()
    expect(await onDisk(path)).toEqual({ position: 3, intent: null })
    await ledger.advance(5)
    await expect.poll(() => onDisk(path), { timeout: 10_000 }).toEqual({ position: 5, intent: null })
    await ledger.advance(7)
    await ledger.close()
    await ledger.close()
    expect(await onDisk(path)).toEqual({ position: 7, intent: null })
  })

  test('survives a slot torn at any byte', async () => {
    const { path, ledger } = await newLedger()
    await ledger.intend({ first: 0, end: 5 })
    const before = await readFile(path)
    await ledger.advance(5)
    await ledger.intend({ first: 5, end: 9 })
    const after = await readFile(path)
    const written = before.subarray(0, SLOT_BYTES).equals(after.subarray(0, SLOT_BYTES)) ? SLOT_BYTES : 0
    const used = after.subarray(written, written + SLOT_BYTES).findLastIndex((byte) => byte !== 0) + 1

    const torn = join(await tempDirectory(), 'position')
    for (let bytes = 0; bytes <= used; bytes++) {
      const file = Buffer.from(before)
      after.copy(file, written, written, written + bytes)
      await writeFile(torn, file)
      const found = await onDisk(torn)
      // Whatever was torn, one of the two: most probably the older one until the last byte that differs.
      if (found!.position === 0) expect(found).toEqual({ position: 0, intent: { first: 0, end: 5 } })
      else expect(found).toEqual({ position: 5, intent: { first: 5, end: 9 } })
      if (bytes < 4) expect(found!.position).toBe(0)
      if (bytes === used) expect(found!.position).toBe(5)

      // And from there it goes on, into the torn slot.
      const again = (await openLedger(torn, ORIGIN))!
      const next = again.read().intent!.end
      await again.advance(next)
      await again.close()
      expect(await onDisk(torn)).toEqual({ position: next, intent: null })
    }
  })

  test('is none when it is missing, empty, cut or rubbish', async () => {
    const path = join(await tempDirectory(), 'position')
    expect(await onDisk(path)).toBeNull()
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.alloc(7),
      Buffer.alloc(2 * SLOT_BYTES),
      Buffer.alloc(9000, 0xff),
    ]) {
      await writeFile(path, bytes)
      expect(await onDisk(path)).toBeNull()
    }
  })

  test('of another journal is refused', async () => {
    const { path } = await newLedger()
    await expect(openLedger(path, 'inline:other')).rejects.toMatchObject({ code: 'damaged' })
  })

  test('refuses what would lose or double records', async () => {
    const { path, ledger } = await newLedger(10)
    await expect(ledger.intend({ first: 11, end: 12 })).rejects.toThrow(RangeError)
    await expect(ledger.intend({ first: 10, end: 10 })).rejects.toThrow(RangeError)
    await expect(ledger.advance(9)).rejects.toThrow(RangeError)
    await ledger.intend({ first: 10, end: 20 })
    await expect(ledger.intend({ first: 10, end: 30 })).rejects.toThrow('10 to 20 is under way')
    await expect(ledger.advance(15)).rejects.toThrow(RangeError)
    await ledger.advance(20)
    await expect(ledger.intend({ first: 20, end: 30, shape: { far: 'x'.repeat(5000) } })).rejects.toThrow(
      RangeError,
    )
    expect(ledger.read()).toEqual({ position: 20, intent: null })
    await ledger.intend({ first: 20, end: 30 })
    expect(await onDisk(path)).toEqual({ position: 20, intent: { first: 20, end: 30 } })
  })

  test('takes calls that overlap', async () => {
    const { path, ledger } = await newLedger()
    for (let position = 0; position < 200; position++) {
      const flushed = ledger.flush()
      await Promise.all([ledger.intend({ first: position, end: position + 1 }), flushed, ledger.flush()])
      await ledger.advance(position + 1)
    }
    await ledger.flush()
    expect(await onDisk(path)).toEqual({ position: 200, intent: null })
  })
})
