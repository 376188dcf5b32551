import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import { lz4Compress, lz4Decompress, snappyCompress, snappyDecompress } from '@platformatic/wasm-utils'
import kafkajs from 'kafkajs'

// kafkajs knows gzip alone; the other three that Kafka has are registered here, once for the process.

interface Encoded {
  buffer: Buffer
}

/** What Java producers put before snappy: a header of 16 bytes, then blocks with their lengths. Others send it bare. */
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0])
const XERIAL_HEADER = 16

const zstd = { compress: promisify(zstdCompress), decompress: promisify(zstdDecompress) }

export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs
  CompressionCodecs[CompressionTypes.Snappy] = () => ({
    compress: async ({ buffer }: Encoded) => snappyCompress(buffer),
    decompress: async (bytes: Buffer) => withoutXerial(bytes),
  })
  CompressionCodecs[CompressionTypes.LZ4] = () => ({
    compress: async ({ buffer }: Encoded) => lz4Compress(buffer),
    decompress: async (bytes: Buffer) => lz4Decompress(bytes),
  })
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    compress: ({ buffer }: Encoded) => zstd.compress(buffer),
    decompress: (bytes: Buffer) => zstd.decompress(bytes),
  })
}

function withoutXerial(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, XERIAL.length).equals(XERIAL)) return snappyDecompress(bytes)
  const blocks: Buffer[] = []
  for (let at = XERIAL_HEADER; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    at += 4
    blocks.push(snappyDecompress(bytes.subarray(at, at + length)))
    at += length
  }
  return Buffer.concat(blocks)
}
