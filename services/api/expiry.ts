import { parseTime } from './time.ts'

/** When something ends: so long from now (`90d`), or at a time. Null if it is neither, or over already. */
export function parseExpiry(text: string, now: number): Date | null {
  const [, amount, unit] = /^(\d{1,5})([hdwy])$/.exec(text) ?? []
  const end = unit === undefined ? parseTime(text, now) : new Date(now + Number(amount) * UNITS[unit])
  return end !== null && end.getTime() > now && end.getTime() < LATEST ? end : null
}

export const EXPIRY_HINT = 'give a time from now like 12h, 90d, 4w or 1y, or one like 2027-01-31T00:00:00Z'

const UNITS: Record<string, number> = { h: 3_600e3, d: 86_400e3, w: 604_800e3, y: 365 * 86_400e3 }
/** The store could not hold a later one. */
const LATEST = Date.UTC(2262)
