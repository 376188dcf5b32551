/** Writes protobuf fields into one buffer that grows. */
export class ProtoWriter {
  private buffer: Buffer
  private length = 0

  constructor(capacity: number) {
    this.buffer = Buffer.allocUnsafe(capacity)
  }

  /** What was written so far; shares memory with the writer. */
  bytes(): Buffer {
    return this.buffer.subarray(0, this.length)
  }

  mark(): number {
    return this.length
  }

  /** Forgets everything written since the mark. */
  rewind(mark: number): void {
    this.length = mark
  }

  /** Begins a nested message; close() wants the answer back. */
  open(field: number): number {
    this.tag(field, 2)
    this.reserve(1)
    return ++this.length
  }

  /** Puts the length before the message. Most fit the one byte left for it, the others move over. */
  close(start: number): void {
    const size = this.length - start
    const more = varintSize(size) - 1
    if (more > 0) {
      this.reserve(more)
      this.buffer.copyWithin(start + more, start, this.length)
    }
    this.length = start - 1
    this.varint(size)
    this.length += size
  }

  text(field: number, value: string): void {
    this.tag(field, 2)
    if (value.length < 42) {
      // At three bytes a UTF-16 unit it stays below 128: one byte of length, known once it is written.
      this.reserve(127)
      const size = this.ascii(value) ?? this.buffer.write(value, this.length + 1)
      this.buffer[this.length] = size
      this.length += size + 1
      return
    }
    const size = Buffer.byteLength(value)
    this.varint(size)
    this.reserve(size)
    this.length += this.buffer.write(value, this.length)
  }

  binary(field: number, value: Uint8Array): void {
    this.tag(field, 2)
    this.varint(value.length)
    this.reserve(value.length)
    this.buffer.set(value, this.length)
    this.length += value.length
  }

  int64(field: number, value: bigint): void {
    this.tag(field, 0)
    let rest = BigInt.asUintN(64, value)
    while (rest > 0x1fffffffffffffn) {
      this.byte(Number(rest & 127n) | 128)
      rest >>= 7n
    }
    this.varint(Number(rest))
  }

  fixed64(field: number, value: bigint): void {
    this.tag(field, 1)
    this.reserve(8)
    this.length = this.buffer.writeBigUInt64LE(value, this.length)
  }

  double(field: number, value: number): void {
    this.tag(field, 1)
    this.reserve(8)
    this.length = this.buffer.writeDoubleLE(value, this.length)
  }

  /** For a short string the call into the engine costs more than the characters. */
  private ascii(value: string): number | undefined {
    let at = this.length + 1
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i)
      if (code > 127) return undefined
      this.buffer[at++] = code
    }
    return value.length
  }

  private tag(field: number, wireType: number): void {
    this.varint((field << 3) | wireType)
  }

  private varint(value: number): void {
    while (value > 127) {
      this.byte((value % 128) | 128)
      value = Math.floor(value / 128)
    }
    this.byte(value)
  }

  private byte(value: number): void {
    this.reserve(1)
    this.buffer[this.length++] = value
  }

  private reserve(more: number): void {
    if (this.length + more <= this.buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + more))
    larger.set(this.buffer.subarray(0, this.length))
    this.buffer = larger
  }
}

function varintSize(value: number): number {
  let size = 1
  while (value > 127) {
    value = Math.floor(value / 128)
    size++
  }
  return size
}
