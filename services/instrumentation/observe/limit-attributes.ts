import type { Attributes, AttributeValue } from '@opentelemetry/api'
import type { RateLimit } from '../read-error/rate-limits.ts'
import { LIMIT, LIMIT_NAME, LIMIT_REMAINING, LIMIT_RESET_MS } from './names.ts'

/** One limit as scalars, several as lists in the same order; what no limit says is left out. */
export function limitAttributes(limits: readonly RateLimit[]): Attributes {
  const attributes: Attributes = {}
  if (limits.length === 0) return attributes
  put(attributes, LIMIT_NAME, limits, ({ name }) => (name === '' ? null : name))
  put(attributes, LIMIT, limits, ({ limit }) => limit)
  put(attributes, LIMIT_REMAINING, limits, ({ remaining }) => remaining)
  put(attributes, LIMIT_RESET_MS, limits, ({ resetMs }) => resetMs)
  return attributes
}

function put(
  attributes: Attributes,
  name: string,
  limits: readonly RateLimit[],
  of: (limit: RateLimit) => string | number | null,
): void {
  const [first] = limits
  if (limits.length === 1) {
    const value = of(first!)
    if (value !== null) attributes[name] = value
    return
  }
  const values = limits.map(of)
  if (values.some((value) => value !== null)) attributes[name] = values as AttributeValue
}
