import zlib from 'node:zlib'

/** Of a bomb no more than this is ever made. */
const MOST_BYTES = 65_536
const MOST_CODINGS = 3

const { constants } = zlib
/** What was cut off is no mistake. */
const LENIENT = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MOST_BYTES }
const LENIENT_BROTLI = { finishFlush: constants.BROTLI_OPERATION_FLUSH, maxOutputLength: MOST_BYTES }
const LENIENT_ZSTD = { finishFlush: constants.ZSTD_e_flush, maxOutputLength: MOST_BYTES }

type Decode = (bytes: Uint8Array) => Uint8Array

const CODINGS: Record<string, Decode | undefined> = {
  gzip: (bytes) => zlib.gunzipSync(bytes, LENIENT),
  'x-gzip': (bytes) => zlib.gunzipSync(bytes, LENIENT),
  // The name stands for zlib's format, and some send it without the frame.
  deflate: (bytes) =>
    (bytes[0]! & 0x0f) === 8 ? zlib.inflateSync(bytes, LENIENT) : zlib.inflateRawSync(bytes, LENIENT),
  br: (bytes) => zlib.brotliDecompressSync(bytes, LENIENT_BROTLI),
  // Not in every Node 20.
  zstd: zlib.zstdDecompressSync && ((bytes) => zlib.zstdDecompressSync(bytes, LENIENT_ZSTD)),
  identity: (bytes) => bytes,
}

/** The beginning of a body without its Content-Encoding; null where that is none we know, or a lie. */
export function decompressed(bytes: Uint8Array, contentEncoding: string): Uint8Array | null {
  if (contentEncoding === '') return bytes
  const codings = contentEncoding.toLowerCase().split(',').reverse()
  if (codings.length > MOST_CODINGS) return null
  let plain: Uint8Array | null = bytes
  for (const coding of codings) {
    const name = coding.trim()
    const decode: Decode | undefined = Object.hasOwn(CODINGS, name) ? CODINGS[name] : undefined
    plain = decode === undefined || plain === null || plain.length === 0 ? null : bounded(decode, plain)
  }
  return plain
}

/** Where too much comes out, half as much goes in: a few tries end at the first bytes of the worst bomb. */
function bounded(decode: Decode, bytes: Uint8Array): Uint8Array | null {
  for (let length = bytes.length; length > 0; length >>= 2) {
    try {
      return decode(bytes.subarray(0, length))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') return null
    }
  }
  return null
}
