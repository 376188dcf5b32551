import type { FileHandle } from 'node:fs/promises'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { claimedBytes, type Scan, scanFrames } from './frame.ts'
import { Marks } from './marks.ts'

/** One file of the journal: records `first` to `end`, in `length` bytes, all of them durable. */
export interface Segment {
  path: string
  first: number
  end: number
  length: number
  marks: Marks
}

/** Wide enough for every safe integer, so that names sort as numbers do. */
const DIGITS = 16
const NAME = /^\d{16}\.log$/
const READ_BYTES = 4 << 20

export const segmentPath = (directory: string, first: number): string =>
  join(directory, `${String(first).padStart(DIGITS, '0')}.log`)

export const newSegment = (path: string, first: number): Segment => ({
  path,
  first,
  end: first,
  length: 0,
  marks: new Marks(),
})

/** First offsets of the segments there are, ascending. */
export async function listSegments(directory: string): Promise<number[]> {
  const names = (await readdir(directory)).filter((name) => NAME.test(name))
  return names.map((name) => Number.parseInt(name, 10)).sort((a, b) => a - b)
}

/** Makes what was created, renamed or removed in a directory durable. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Visits the good frames of a file from its beginning up to byte `length`, in pieces of a few megabytes. */
export async function scanFile(
  handle: FileHandle,
  length: number,
  first: number,
  seed: number,
  visit: (bytes: Buffer, at: number, byte: number, size: number) => void,
): Promise<Scan> {
  let bytes = Buffer.allocUnsafe(Math.max(1, Math.min(READ_BYTES, length)))
  let byte = 0
  let offset = first
  for (;;) {
    const filled = await readFully(handle, bytes, Math.min(bytes.length, length - byte), byte)
    const base = byte
    const scan = scanFrames(bytes, 0, filled, offset, seed, (at, size) => visit(bytes, at, base + at, size))
    byte += scan.at
    offset = scan.offset
    if (scan.verdict === 'bad' || base + filled >= length || filled === 0)
      return { at: byte, offset, verdict: scan.verdict }
    // The next frame reaches beyond this piece; if it is longer than a piece, the piece has to grow.
    const size = claimedBytes(bytes, scan.at, filled) ?? 0
    if (size > bytes.length) bytes = Buffer.allocUnsafe(size)
  }
}

/** Reads `size` bytes, or as many as there are. */
export async function readFully(
  handle: FileHandle,
  target: Buffer,
  size: number,
  position: number,
): Promise<number> {
  let filled = 0
  while (filled < size) {
    const { bytesRead } = await handle.read(target, filled, size - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled
}
