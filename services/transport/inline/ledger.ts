import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Intent, Ledger } from '../../contract/ledger.ts'
import { mustEnd, mustFollow } from '../ledger-order.ts'
import { readU64, writeU64 } from './frame.ts'
import { codeOf, JournalProblem } from './problem.ts'
import { readFully, syncDirectory } from './segment.ts'

// Two slots in one file that is never renamed nor grown. They are written in turn, so a torn one leaves the other.
// A slot: u32 CRC-32 of what follows, u32 length of the text, u64 sequence number, text (JSON of the state).

/** A page of most disks and file systems: one slot's write cannot touch the other. */
export const SLOT_BYTES = 4096
const SLOT_HEADER = 16
/** A ledger that moved on without an intent is written out when nothing happens for so long. */
const IDLE_MS = 1000

interface State {
  origin: string
  position: number
  intent: Intent | null
}

interface Slot {
  index: 0 | 1
  sequence: number
  state: State
}

/** Null when there is no ledger, or none whose making was finished. */
export async function openLedger(path: string, origin: string): Promise<JournalLedger | null> {
  let handle: FileHandle
  try {
    handle = await open(path, 'r+')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
  const bytes = Buffer.alloc(2 * SLOT_BYTES)
  await readFully(handle, bytes, bytes.length, 0)
  const slots = ([0, 1] as const).map((index) => readSlot(bytes, index)).filter((slot) => slot !== null)
  const newest = slots.sort((a, b) => b.sequence - a.sequence)[0]
  if (newest === undefined) {
    await handle.close()
    return null
  }
  if (newest.state.origin !== origin) {
    await handle.close()
    throw new JournalProblem(
      'damaged',
      `${path} belongs to ${newest.state.origin}, not to this journal (${origin}): files of two journals are mixed up. ` +
        `Put the files of one of them together again.`,
    )
  }
  return new JournalLedger(handle, newest)
}

export async function createLedger(path: string, origin: string, position: number): Promise<JournalLedger> {
  const state: State = { origin, position, intent: null }
  const first: Slot = { index: 0, sequence: 1, state }
  const handle = await open(path, 'w+')
  await handle.writeFile(Buffer.concat([slotBytes(first), Buffer.alloc(SLOT_BYTES)]))
  await handle.sync()
  await syncDirectory(dirname(path))
  return new JournalLedger(handle, first)
}

/**
 * How far the consumer has come.
 *
 * `advance` only takes note: the next `intend` carries it to disk, or a moment of rest, or `flush`. That is safe
 * because a crash in between finds the intent again, and an intended range is delivered again without effect: the
 * same records make the same block under the same token, and what is missing or double is mended. It takes that the
 * records are still there, so nothing may be removed from the journal before `flush` has said so on disk.
 */
export class JournalLedger implements Ledger {
  readonly #handle: FileHandle
  #good: Slot
  #position: number
  #intent: Intent | null
  /** What is on disk is not the newest. */
  #stale = false
  #closed = false
  #idle: NodeJS.Timeout | null = null
  #writing: Promise<void> = Promise.resolve()

  constructor(handle: FileHandle, good: Slot) {
    this.#handle = handle
    this.#good = good
    this.#position = good.state.position
    this.#intent = good.state.intent
  }

  read(): { position: number; intent: Intent | null } {
    return { position: this.#position, intent: this.#intent }
  }

  async intend(intent: Intent): Promise<void> {
    mustFollow(this.read(), intent)
    this.#intent = intent
    try {
      await this.#save()
    } catch (error) {
      // It may be on disk nevertheless. Then a crash makes it be delivered, which is what was wanted anyway.
      this.#intent = null
      this.#stale = true
      throw error
    }
  }

  async advance(end: number): Promise<void> {
    mustEnd(this.read(), end)
    this.#position = end
    this.#intent = null
    this.#stale = true
    if (this.#idle !== null) this.#idle.refresh()
    else this.#idle = setTimeout(() => this.flush().catch(() => {}), IDLE_MS).unref()
  }

  /** Makes the newest state durable. */
  async flush(): Promise<void> {
    if (this.#stale && !this.#closed) await this.#save()
    else await this.#writing
  }

  async close(): Promise<void> {
    if (this.#closed) return
    if (this.#idle !== null) clearTimeout(this.#idle)
    await this.flush().finally(() => {
      this.#closed = true
      return this.#handle.close()
    })
  }

  #save(): Promise<void> {
    const written = this.#writing.catch(() => {}).then(() => this.#write())
    this.#writing = written
    written.catch(() => {})
    return written
  }

  async #write(): Promise<void> {
    const { index, sequence, state } = this.#good
    const next: Slot = {
      // After a failed write the same slot again: the other one is the only one known to be good.
      index: index === 0 ? 1 : 0,
      sequence: sequence + 1,
      state: { origin: state.origin, position: this.#position, intent: this.#intent },
    }
    this.#stale = false
    try {
      const { bytesWritten } = await this.#handle.write(
        slotBytes(next),
        0,
        SLOT_BYTES,
        next.index * SLOT_BYTES,
      )
      if (bytesWritten < SLOT_BYTES) throw new Error('the ledger could be written only in part')
      await this.#handle.datasync()
    } catch (error) {
      this.#stale = true
      throw error
    }
    this.#good = next
  }
}

function slotBytes({ sequence, state }: Slot): Buffer {
  const bytes = Buffer.alloc(SLOT_BYTES)
  const text = JSON.stringify(state)
  const length = Buffer.byteLength(text)
  if (SLOT_HEADER + length > SLOT_BYTES) throw new RangeError(`${length} bytes are too much for the ledger`)
  bytes.writeUInt32LE(length, 4)
  writeU64(bytes, sequence, 8)
  bytes.write(text, SLOT_HEADER)
  bytes.writeUInt32LE(crc32(bytes.subarray(4, SLOT_HEADER + length)), 0)
  return bytes
}

function readSlot(file: Buffer, index: 0 | 1): Slot | null {
  const bytes = file.subarray(index * SLOT_BYTES, (index + 1) * SLOT_BYTES)
  const length = bytes.readUInt32LE(4)
  if (length === 0 || length > SLOT_BYTES - SLOT_HEADER) return null
  if (crc32(bytes.subarray(4, SLOT_HEADER + length)) !== bytes.readUInt32LE(0)) return null
  const state = JSON.parse(bytes.toString('utf8', SLOT_HEADER, SLOT_HEADER + length)) as State
  return { index, sequence: readU64(bytes, 8), state }
}
