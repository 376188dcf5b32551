/** Of a bomb no more than this is ever made. */
const MOST_BYTES = 65_536
const MOST_CODINGS = 3

type Decode = (bytes: Uint8Array) => Uint8Array
type Codings = Record<string, Decode | undefined>

/** Made for the first body that is compressed: to import zlib takes longer than to import all of this package. */
let codings: Codings | undefined

function makeCodings(): Codings {
  const zlib = process.getBuiltinModule('node:zlib')
  const { constants } = zlib
  // What was cut off is no mistake.
  const lenient = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MOST_BYTES }
  const lenientBrotli = { finishFlush: constants.BROTLI_OPERATION_FLUSH, maxOutputLength: MOST_BYTES }
  const lenientZstd = { finishFlush: constants.ZSTD_e_flush, maxOutputLength: MOST_BYTES }
  return {
    gzip: (bytes) => zlib.gunzipSync(bytes, lenient),
    'x-gzip': (bytes) => zlib.gunzipSync(bytes, lenient),
    // The name stands for zlib's format, and some send it without the frame.
    deflate: (bytes) =>
      (bytes[0]! & 0x0f) === 8 ? zlib.inflateSync(bytes, lenient) : zlib.inflateRawSync(bytes, lenient),
    br: (bytes) => zlib.brotliDecompressSync(bytes, lenientBrotli),
    // Not in every Node 20.
    zstd: zlib.zstdDecompressSync && ((bytes) => zlib.zstdDecompressSync(bytes, lenientZstd)),
    identity: (bytes) => bytes,
  }
}

/** The beginning of a body without its Content-Encoding; null where that is none we know, or a lie. */
export function decompressed(bytes: Uint8Array, contentEncoding: string): Uint8Array | null {
  if (contentEncoding === '') return bytes
  const applied = contentEncoding.toLowerCase().split(',').reverse()
  if (applied.length > MOST_CODINGS) return null
  codings ??= makeCodings()
  let plain: Uint8Array | null = bytes
  for (const coding of applied) {
    const name = coding.trim()
    const decode: Decode | undefined = Object.hasOwn(codings, name) ? codings[name] : undefined
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
