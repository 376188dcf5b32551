import { crc32c } from '@node-rs/crc32'

export interface OutMessage {
  key: Buffer
  value: Buffer
  headers: Record<string, Buffer | string>
}

export interface BatchOwner {
  producerId: string
  producerEpoch: number
  firstSequence: number
}

const HEADER_BYTES = 61
/** What the checksum is not of: it stands before. */
const UNSUMMED_BYTES = 21
const MAGIC = 2

/** Messages as Kafka keeps them (record batch, version 2), unpacked, in pieces of which the values are not copied. */
export function recordBatch(messages: readonly OutMessage[], owner: BatchOwner, now: number): Buffer[] {
  const pieces: Buffer[] = [Buffer.alloc(0)]
  let before: Buffer[] = []
  messages.forEach(({ key, value, headers }, index) => {
    const tail = headersOf(headers)
    // Its attributes and the time since the first one: nothing.
    const inner = Buffer.concat([Buffer.alloc(2), varint(index), sized(key), varint(value.length)])
    before.push(varint(inner.length + value.length + tail.length), inner)
    pieces.push(Buffer.concat(before), value)
    before = [tail]
  })
  pieces.push(Buffer.concat(before))

  const length = pieces.reduce((sum, piece) => sum + piece.length, HEADER_BYTES)
  const head = Buffer.alloc(HEADER_BYTES)
  // The first offset is the broker's to say, and so is the leader's epoch.
  head.writeInt32BE(length - 12, 8)
  head.writeInt8(MAGIC, 16)
  head.writeInt32BE(messages.length - 1, 23)
  head.writeBigInt64BE(BigInt(now), 27)
  head.writeBigInt64BE(BigInt(now), 35)
  head.writeBigInt64BE(BigInt(owner.producerId), 43)
  head.writeInt16BE(owner.producerEpoch, 51)
  head.writeInt32BE(owner.firstSequence, 53)
  head.writeInt32BE(messages.length, 57)
  pieces[0] = head.subarray(UNSUMMED_BYTES)
  head.writeUInt32BE(
    pieces.reduce((sum, piece) => crc32c(piece, sum), 0),
    17,
  )
  pieces[0] = head
  return pieces
}

function headersOf(headers: OutMessage['headers']): Buffer {
  const all = Object.entries(headers)
  return Buffer.concat([
    varint(all.length),
    ...all.flatMap(([name, value]) => [sized(Buffer.from(name)), sized(Buffer.from(value as string))]),
  ])
}

const sized = (bytes: Buffer): Buffer => Buffer.concat([varint(bytes.length), bytes])

/** Of what is not negative; the sign is the lowest bit. */
function varint(value: number): Buffer {
  const bytes: number[] = []
  let left = value * 2
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) | 128)
  bytes.push(left)
  return Buffer.from(bytes)
}
