import type { IncomingMessage } from 'node:http'
import { diag } from '@opentelemetry/api'

/** The header that names who calls, or a function that tells from the request. */
export type Consumer = string | ((request: IncomingMessage) => string | number | null | undefined)

export type ConsumerOf = (request: IncomingMessage) => unknown

/** What such a header holds is a credential, which no span may carry. */
const SECRET = /auth|key|token|secret|cookie|session|signature|password/i
const LONGEST = 128

/**
 * Tells who calls. A credential becomes a keyed hash: the same caller is recognised, and nobody who sees the hash can try
 * keys against it. Without a key for that, it is left out.
 */
export function consumerReader(consumer: Consumer | undefined, key: string | undefined): ConsumerOf | null {
  if (consumer === undefined) return null
  if (typeof consumer === 'function') return consumer
  const name = consumer.toLowerCase()
  if (!SECRET.test(name)) return ({ headers }) => headers[name]
  if (key === undefined) {
    diag.warn(
      `consumers are not told by ${name} without a consumerKey (TELLTALE_CONSUMER_KEY) to hash it with`,
    )
    return null
  }
  const { createHmac } = process.getBuiltinModule('node:crypto')
  return ({ headers }) => {
    const value = headers[name]
    return value === undefined
      ? undefined
      : createHmac('sha256', key).update(String(value)).digest('hex').slice(0, 24)
  }
}

/** As it stands on the span; null for what names nobody. */
export function consumerText(given: unknown): string | null {
  if (typeof given === 'number') return String(given)
  return typeof given === 'string' && given.trim() !== '' ? given.trim().slice(0, LONGEST) : null
}
