// Loaded by the first key: most applications import this package long before, and many never send one.
let crypto: typeof import('node:crypto') | undefined

/** Enough that two keys never meet; what is hashed cannot be told from it, for keys are long and random. */
const CHARACTERS = 32
const LONGEST_KEY = 1024

/** `api.call_id` of an Idempotency-Key: the same for its sender and its receiver, and no key. */
export function callIdOf(idempotencyKey: string): string {
  const key = idempotencyKey.trim().slice(0, LONGEST_KEY)
  crypto ??= process.getBuiltinModule('node:crypto')
  return crypto.hash('sha256', key, 'hex').slice(0, CHARACTERS)
}
