import type { Catalog } from '../../catalog/schema.ts'

export type Headers = Record<string, string | string[]>

/** Longer than any API means it; what asks for more is a mistake in a unit. */
const LONGEST_WAIT_MS = 31 * 86_400_000

/** The value of a header, whatever the case of its name. */
export function headerOf(headers: Headers, name: string): string | undefined {
  const [, value] = Object.entries(headers).find(([one]) => one.toLowerCase() === name) ?? []
  return Array.isArray(value) ? value[0] : value
}

/** How long the answer asks to wait, in ms: Retry-After first, else when the catalog's limit is reset. */
export function waitOf(headers: Headers, limits: Catalog['limits'], now: number): number | null {
  const afterMs = headerOf(headers, 'retry-after-ms')
  const after = headerOf(headers, 'retry-after')
  const reset = limits.reset && headerOf(headers, limits.reset)
  return (
    (afterMs === undefined ? null : sensible(amount(afterMs))) ??
    (after === undefined ? null : sensible(amount(after) * 1000, Date.parse(after) - now)) ??
    (reset === undefined ? null : resetWait(reset, limits.reset_is, now))
  )
}

function resetWait(text: string, unit: Catalog['limits']['reset_is'], now: number): number | null {
  const number = amount(text)
  if (unit === 'seconds') return sensible(number * 1000)
  if (unit === 'unix_s') return sensible(number * 1000 - now)
  if (unit === 'unix_ms') return sensible(number - now)
  return unit === 'date' ? sensible(Date.parse(text) - now) : null
}

const amount = (text: string): number =>
  /^\d{1,16}(\.\d{1,9})?$/.test(text.trim()) ? Number(text) : Number.NaN

/** The first that is a number; a moment that has passed is no wait. */
function sensible(...candidates: number[]): number | null {
  const ms = candidates.find((one) => !Number.isNaN(one))
  return ms === undefined || ms > LONGEST_WAIT_MS ? null : Math.max(0, Math.round(ms))
}
