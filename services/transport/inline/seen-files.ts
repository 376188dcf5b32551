import { open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Notice } from '../../contract/notice.ts'
import { errorOf } from '../../contract/thrown.ts'
import type { Clock } from './clock.ts'
import { FINGERPRINT_BYTES, fingerprintAt } from './frame.ts'
import { isFull } from './room.ts'
import type { Seen } from './seen.ts'
import { type Segment, scanFile, syncDirectory } from './segment.ts'

// What outlives a segment: those of its fingerprints that are still in the window, one file a segment.
// u32 magic, u32 CRC-32 of the rest, fingerprints.

const MAGIC = 0x4e454553
const HEADER = 8
const NAME = /^\d{16}\.seen$/

export interface SeenFiles {
  /** Removes a segment once its fingerprints are kept elsewhere. */
  replace(segment: Segment): Promise<void>
  /** Removes what is older than the window. */
  expire(): Promise<void>
}

/** Fills `seen` with what there is, oldest first. */
export async function openSeenFiles(parts: {
  directory: string
  seed: number
  seen: Seen
  windowMs: number
  /** More fingerprints than this are not worth reading: they would not be remembered. */
  limit: number
  clock: Clock
  notice: Notice
}): Promise<SeenFiles> {
  const { directory, seed, seen, windowMs, clock, notice } = parts
  /** When, on the clock that never jumps, a file is needed no more. Soonest first. */
  const files = new Map<string, number>()

  async function load(): Promise<void> {
    const kept: { path: string; bytes: Buffer }[] = []
    let room = parts.limit
    const names = (await readdir(directory)).filter((name) => NAME.test(name)).sort()
    for (const name of names.reverse()) {
      const path = join(directory, name)
      const bytes = await readFile(path)
      const good = isGood(bytes, seed)
      // A process that died while writing it has left the segment, too, with the same fingerprints.
      if (!good) notice('a file of fingerprints is unfinished or damaged; dropped it', { file: path })
      if (good && room > 0) kept.push({ path, bytes })
      else await rm(path, { force: true })
      room -= bytes.length / FINGERPRINT_BYTES
    }
    for (const { path, bytes } of kept.reverse()) {
      files.set(path, clock.elapsed() + windowMs)
      for (let at = HEADER; at < bytes.length; at += FINGERPRINT_BYTES) seen.addAt(bytes, at)
    }
  }

  async function fingerprintsOf(segment: Segment): Promise<Buffer> {
    let kept = Buffer.allocUnsafe(4096)
    let used = HEADER
    const handle = await open(segment.path, 'r')
    try {
      const scan = await scanFile(handle, segment.length, segment.first, seed, (bytes, at) => {
        const from = fingerprintAt(at)
        if (!seen.hasAt(bytes, from)) return
        if (used + FINGERPRINT_BYTES > kept.length) kept = Buffer.concat([kept], kept.length * 2)
        used += bytes.copy(kept, used, from, from + FINGERPRINT_BYTES)
      })
      if (scan.at < segment.length)
        notice('a stored part of the journal is damaged; some resends are not recognised after a restart', {
          file: segment.path,
          byte: scan.at,
        })
    } finally {
      await handle.close()
    }
    kept.writeUInt32LE(MAGIC, 0)
    kept.writeUInt32LE(crc32(kept.subarray(HEADER, used), seed), 4)
    return kept.subarray(0, used)
  }

  async function save(path: string, bytes: Buffer): Promise<Error | null> {
    try {
      const handle = await open(path, 'w')
      try {
        await handle.writeFile(bytes)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await syncDirectory(directory)
      files.set(path, clock.elapsed() + windowMs)
      return null
    } catch (error) {
      await rm(path, { force: true }).catch(() => {})
      return errorOf(error)
    }
  }

  await load()
  return {
    async replace(segment) {
      const path = segment.path.replace(/log$/, 'seen')
      const bytes = await fingerprintsOf(segment)
      let problem = bytes.length > HEADER ? await save(path, bytes) : null
      // On a full disk only the segment itself can make room for its fingerprints. For a moment they are then in
      // memory alone; the other way round a full journal would stay full for ever.
      const full = isFull(problem)
      if (problem !== null && !full) throw problem
      // Synced one by one, so that a crash never leaves a gap between segments.
      await rm(segment.path, { force: true })
      await syncDirectory(directory)
      if (full) problem = await save(path, bytes)
      if (problem !== null)
        notice('fingerprints could not be saved; some resends are not recognised after a restart', {
          file: path,
          error: problem,
        })
    },
    async expire() {
      for (const [path, expires] of files) {
        if (expires > clock.elapsed()) break
        await rm(path, { force: true })
        files.delete(path)
      }
    },
  }
}

const isGood = (bytes: Buffer, seed: number): boolean =>
  bytes.length >= HEADER &&
  (bytes.length - HEADER) % FINGERPRINT_BYTES === 0 &&
  bytes.readUInt32LE(0) === MAGIC &&
  bytes.readUInt32LE(4) === crc32(bytes.subarray(HEADER), seed)
