import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { Frames } from '../../../services/transport/kafka/frames.ts'
import { wholeAnswers } from '../../../services/transport/kafka/whole-answers.ts'

const framed = (content: Buffer): Buffer => {
  const length = Buffer.alloc(4)
  length.writeInt32BE(content.length)
  return Buffer.concat([length, content])
}

/** Feeds `bytes` as a socket would, at most `atOnce` of them at a time. */
function feed(answers: ReturnType<typeof wholeAnswers>, bytes: Buffer, atOnce: number): void {
  for (let at = 0; at < bytes.length; ) {
    const room = answers.room()
    const count = bytes.copy(room, 0, at, at + Math.min(atOnce, room.length))
    if (count === 0) throw new Error('no room')
    answers.came(count)
    at += count
  }
}

const fail = (error: Error) => {
  throw error
}

test('answers come out whole, however they are cut on the way', () => {
  const sizes = [0, 1, 4, 65_531, 65_532, 65_533, 200_000, 0, 3, 1_000_000, 70_000, 12]
  const sent = sizes.map((size) => framed(randomBytes(size)))
  for (const atOnce of [1, 7, 1_460, 65_536, 10_000_000]) {
    // Byte by byte it takes long enough with the small ones.
    const some = atOnce === 1 ? sent.filter(({ length }) => length < 70_000) : sent
    const came: Buffer[] = []
    const answers = wholeAnswers(new Frames(), { answer: (bytes) => came.push(bytes), broken: fail })
    feed(answers, Buffer.concat(some), atOnce)
    expect(came.map(({ length }) => length)).toEqual(some.map(({ length }) => length))
    expect(Buffer.concat(came).equals(Buffer.concat(some))).toBe(true)
  }
})

test('what is no answer of a broker breaks the connection', () => {
  const errors: string[] = []
  const answers = wholeAnswers(new Frames(), {
    answer: () => errors.push('an answer'),
    broken: ({ message }) => errors.push(message),
  })
  feed(answers, Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 100)
  expect(errors).toEqual(['an answer of 1213486164 bytes: this is not a Kafka broker'])
})

test('memory is used again when all records in it are done with, and old views of it see nothing', () => {
  const frames = new Frames()
  const came: Buffer[] = []
  const answers = wholeAnswers(frames, { answer: (bytes) => came.push(bytes), broken: fail })
  const next = () => {
    feed(answers, framed(randomBytes(100_000)), 65_536)
    return came.at(-1)!
  }
  const first = next()
  const [a, b] = [first.subarray(10, 20), first.subarray(20, 30)]
  frames.hold(a)
  frames.hold(b)
  const nobodys = next()
  frames.drop(a)
  expect(frames.isGone(b)).toBe(false)
  frames.drop(b)
  expect(frames.isGone(b)).toBe(true)
  expect(b).toHaveLength(0)
  const third = next()
  // Not that of an answer whose reader nobody knows.
  expect(frames.isGone(nobodys)).toBe(false)
  expect(third).toHaveLength(100_004)
  expect(frames.bytesOutside(third)).toBe(0)
  expect(frames.bytesOutside(Buffer.alloc(8))).toBe(8)
})

test('an answer is kept while it is the newest, for more of it may be handed on', () => {
  const frames = new Frames()
  const came: Buffer[] = []
  const answers = wholeAnswers(frames, { answer: (bytes) => came.push(bytes), broken: fail })
  feed(answers, framed(randomBytes(100_000)), 65_536)
  const record = came[0]!.subarray(10, 20)
  frames.hold(record)
  frames.drop(record)
  expect(frames.isGone(record)).toBe(false)
  feed(answers, framed(randomBytes(100_000)), 65_536)
  expect(frames.isGone(record)).toBe(true)
})
