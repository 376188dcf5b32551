import { crc32 } from 'node:zlib'

// One record on disk, little endian:
//
//    0  u32  length of everything after the checksum
//    4  u32  CRC-32 of that
//    8  u64  offset
//   16  u64  arrival, wall clock in ms
//   24  u32  place in its group: how many frames of the same write stand before it
//   28       fingerprint, 16 bytes
//   44       payload
//
// The place in the group tells a torn tail from damage: a group is written only after the one before it is durable,
// so a good frame of group G proves that everything before G's first frame was durable once.
//
// The checksum is seeded per journal, so that a client cannot smuggle a valid frame into a payload, and a file of
// another journal does not pass for one of this.

export const FRAME_HEADER = 44
export const FINGERPRINT_BYTES = 16
export const MAX_FRAME = 64 << 20
const CHECKED_FROM = 8
const MIN_LENGTH = FRAME_HEADER - CHECKED_FROM
const MAX_LENGTH = MAX_FRAME - CHECKED_FROM
const WORD = 2 ** 32

export const frameBytes = (payloadBytes: number): number => FRAME_HEADER + payloadBytes

export interface FrameHead {
  offset: number
  arrival: number
  /** How many frames of the same group stand before it. */
  place: number
}

/** Writes a frame at `at`, where there must be room; `at + frameBytes(payload.length)` is its end. */
export function writeFrame(
  target: Buffer,
  at: number,
  seed: number,
  head: FrameHead,
  fingerprint: Buffer,
  payload: Buffer,
): void {
  const end = at + FRAME_HEADER + payload.length
  target.writeUInt32LE(end - at - CHECKED_FROM, at)
  writeU64(target, head.offset, at + 8)
  writeU64(target, head.arrival, at + 16)
  target.writeUInt32LE(head.place, at + 24)
  fingerprint.copy(target, at + 28, 0, FINGERPRINT_BYTES)
  payload.copy(target, at + FRAME_HEADER)
  target.writeUInt32LE(crc32(target.subarray(at + CHECKED_FROM, end), seed), at + 4)
}

export const frameOffset = (bytes: Buffer, at: number): number => readU64(bytes, at + 8)
export const frameArrival = (bytes: Buffer, at: number): number => readU64(bytes, at + 16)
export const framePlace = (bytes: Buffer, at: number): number => bytes.readUInt32LE(at + 24)
export const fingerprintAt = (at: number): number => at + 28

/** How many bytes the frame at `at` says it takes; null when there are too few bytes to know, or nonsense there. */
export function claimedBytes(bytes: Buffer, at: number, end: number): number | null {
  if (end - at < 4) return null
  const length = bytes.readUInt32LE(at)
  return length < MIN_LENGTH || length > MAX_LENGTH ? null : CHECKED_FROM + length
}

/** Length of the good frame at `at`, or why there is none. */
export function checkFrame(bytes: Buffer, at: number, end: number, seed: number): number | 'short' | 'bad' {
  if (end - at < 4) return 'short'
  const size = claimedBytes(bytes, at, end)
  if (size === null) return 'bad'
  if (end - at < size) return 'short'
  const sum = crc32(bytes.subarray(at + CHECKED_FROM, at + size), seed)
  return sum === bytes.readUInt32LE(at + 4) ? size : 'bad'
}

export interface Scan {
  /** Where the scan stopped. */
  at: number
  /** The offset that belongs there. */
  offset: number
  /** `end`: nothing more; `short`: a frame begins but the bytes end within it; `bad`: what stands there is no frame. */
  verdict: 'end' | 'short' | 'bad'
}

/** Visits good frames with consecutive offsets, beginning with `offset` at `at`. */
export function scanFrames(
  bytes: Buffer,
  at: number,
  end: number,
  offset: number,
  seed: number,
  visit: (at: number, size: number) => void,
): Scan {
  while (at < end) {
    const size = checkFrame(bytes, at, end, seed)
    if (typeof size === 'string') return { at, offset, verdict: size }
    if (frameOffset(bytes, at) !== offset) return { at, offset, verdict: 'bad' }
    visit(at, size)
    at += size
    offset++
  }
  return { at, offset, verdict: 'end' }
}

/**
 * Where the frame of `offset` should be and is not: does a good one further on prove that it was durable once? Then
 * the file is damaged; else what follows is the tail of a write that never finished, and nobody was told it had.
 */
export function wasDurable(bytes: Buffer, at: number, end: number, offset: number, seed: number): boolean {
  const high = Math.floor(offset / WORD)
  for (; at + FRAME_HEADER <= end; at++) {
    // Cheap tests first: this runs for every byte of the tail.
    const later = bytes.readUInt32LE(at + 12)
    if (later !== high && later !== high + 1) continue
    const found = frameOffset(bytes, at)
    if (found <= offset || found - framePlace(bytes, at) <= offset) continue
    if (typeof checkFrame(bytes, at, end, seed) === 'number') return true
  }
  return false
}

// Two words instead of BigInt: offsets and times stay far below 2^53, and this runs for every record.
export function writeU64(target: Buffer, value: number, at: number): void {
  target.writeUInt32LE(value % WORD, at)
  target.writeUInt32LE(Math.floor(value / WORD), at + 4)
}

export const readU64 = (bytes: Buffer, at: number): number =>
  bytes.readUInt32LE(at + 4) * WORD + bytes.readUInt32LE(at)
