import { gunzip } from 'node:zlib'

export type Inflated = { status: 'whole'; bytes: Buffer } | { status: 'too_large' | 'corrupt' }

const LEAST_CHUNK = 1024
const LARGEST_CHUNK = 1024 * 1024
/** Spans shrink to a tenth or so; a claim of more must not make us reserve it. */
const USUAL_RATIO = 32

/**
 * Unpacks gzip up to `limit` bytes; what would become more is given up as soon as it does. A packed byte can become
 * a thousand, so only `atOnce` bodies are unpacked at a time: that is what bounds the memory they take.
 */
export function createInflate(limit: number, atOnce: number) {
  const waiting: (() => void)[] = []
  let running = 0

  return async (packed: Buffer): Promise<Inflated> => {
    if (running < atOnce) running++
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await inflate(packed, limit)
    } finally {
      const next = waiting.shift()
      if (next === undefined) running--
      else next()
    }
  }
}

const inflate = (packed: Buffer, limit: number) =>
  new Promise<Inflated>((resolve) => {
    const options = { maxOutputLength: limit, chunkSize: chunkSizeFor(packed) }
    gunzip(packed, options, (error, bytes) => {
      if (error === null) resolve({ status: 'whole', bytes })
      else if ('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') resolve({ status: 'too_large' })
      else resolve({ status: 'corrupt' })
    })
  })

/** Each chunk is a trip to another thread. The last four bytes say the size; where they are honest, one will do. */
function chunkSizeFor(packed: Buffer): number {
  const claimed = packed.length < 4 ? 0 : packed.readUInt32LE(packed.length - 4)
  // A chunk that is exactly full makes zlib ask for another one.
  const wanted = Math.min(claimed + 64, packed.length * USUAL_RATIO, LARGEST_CHUNK)
  return Math.max(wanted, LEAST_CHUNK)
}
