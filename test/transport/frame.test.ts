import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  checkFrame,
  FRAME_HEADER,
  fingerprintAt,
  frameArrival,
  frameBytes,
  frameOffset,
  framePlace,
  scanFrames,
  wasDurable,
  writeFrame,
} from '../../services/transport/inline/frame.ts'

const SEED = 99

const arbitraryFrames = fc.record({
  first: fc.maxSafeNat().map((n) => n % 2 ** 50),
  frames: fc.array(
    fc.record({
      arrival: fc.nat(2 ** 45),
      fingerprint: fc.uint8Array({ minLength: 16, maxLength: 16 }),
      payload: fc.uint8Array({ maxLength: 200 }),
    }),
    { minLength: 1, maxLength: 12 },
  ),
})
type Frames = typeof arbitraryFrames extends fc.Arbitrary<infer T> ? T : never

/** `starts` has one more entry than there are frames: the end. */
function write({ first, frames }: Frames, groupSize = frames.length) {
  const bytes = Buffer.alloc(frames.reduce((sum, { payload }) => sum + frameBytes(payload.length), 0))
  const starts = [0]
  for (const [index, { arrival, fingerprint, payload }] of frames.entries()) {
    const head = { offset: first + index, arrival, place: index % groupSize }
    writeFrame(bytes, starts[index], SEED, head, Buffer.from(fingerprint), Buffer.from(payload))
    starts.push(starts[index] + frameBytes(payload.length))
  }
  return { bytes, starts }
}

describe('a run of frames', () => {
  test('comes back as it was written', () => {
    fc.assert(
      fc.property(arbitraryFrames, (written) => {
        const { bytes, starts } = write(written)
        const read: Frames['frames'] = []
        const scan = scanFrames(bytes, 0, bytes.length, written.first, SEED, (at, size) => {
          expect(at).toBe(starts[read.length])
          expect(frameOffset(bytes, at)).toBe(written.first + read.length)
          expect(framePlace(bytes, at)).toBe(read.length)
          read.push({
            arrival: frameArrival(bytes, at),
            fingerprint: Uint8Array.from(bytes.subarray(fingerprintAt(at), fingerprintAt(at) + 16)),
            payload: Uint8Array.from(bytes.subarray(at + FRAME_HEADER, at + size)),
          })
        })
        expect(read).toEqual(written.frames)
        const end = written.first + read.length
        expect(scan).toEqual({ at: bytes.length, offset: end, verdict: 'end' })
      }),
    )
  })

  test('cut anywhere, yields the frames before the cut', () => {
    fc.assert(
      fc.property(arbitraryFrames, fc.double({ min: 0, max: 1, noNaN: true }), (written, share) => {
        const { bytes, starts } = write(written)
        const cut = Math.floor(share * bytes.length)
        const whole = starts.filter((start) => start <= cut).length - 1
        const scan = scanFrames(bytes, 0, cut, written.first, SEED, () => {})
        expect(scan.at).toBe(starts[whole])
        expect(scan.offset).toBe(written.first + whole)
        expect(scan.verdict).toBe(cut === starts[whole] ? 'end' : 'short')
        expect(wasDurable(bytes.subarray(0, cut), scan.at, cut, scan.offset, SEED)).toBe(false)
      }),
    )
  })

  test('with any byte changed, yields the frames before it and none after', () => {
    fc.assert(
      fc.property(
        arbitraryFrames,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        (written, share, flip) => {
          const { bytes, starts } = write(written)
          const place = Math.floor(share * bytes.length)
          bytes[place] ^= flip
          const whole = starts.filter((start) => start <= place).length - 1
          const scan = scanFrames(bytes, 0, bytes.length, written.first, SEED, () => {})
          expect(scan.at).toBe(starts[whole])
          expect(scan.verdict).not.toBe('end')
        },
      ),
    )
  })

  test('with a byte changed, was durable if a frame of a later group is good', () => {
    fc.assert(
      fc.property(arbitraryFrames, fc.integer({ min: 1, max: 4 }), fc.nat(), (written, groupSize, pick) => {
        const { bytes, starts } = write(written, groupSize)
        const broken = pick % written.frames.length
        bytes[starts[broken] + 8] ^= 0xff
        const laterGroup =
          Math.floor(broken / groupSize) < Math.floor((written.frames.length - 1) / groupSize)
        const scan = scanFrames(bytes, 0, bytes.length, written.first, SEED, () => {})
        expect(wasDurable(bytes, scan.at, bytes.length, scan.offset, SEED)).toBe(laterGroup)
      }),
    )
  })
})

test('a frame of another journal is none', () => {
  const { bytes } = write({
    first: 5,
    frames: [{ arrival: 1, fingerprint: new Uint8Array(16), payload: new Uint8Array(3) }],
  })
  expect(checkFrame(bytes, 0, bytes.length, SEED)).toBe(47)
  expect(checkFrame(bytes, 0, bytes.length, SEED + 1)).toBe('bad')
})

test('random bytes and zeros are no frames', () => {
  expect(checkFrame(Buffer.alloc(100), 0, 100, SEED)).toBe('bad')
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(checkFrame(Buffer.from(bytes), 0, bytes.length, SEED)).not.toBeTypeOf('number')
    }),
  )
})
