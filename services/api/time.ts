const UNITS: Record<string, number> = { s: 1e3, m: 60e3, h: 3600e3, d: 86_400e3, w: 604_800e3 }

const RELATIVE = /^-(\d{1,9})([smhdw])$/
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/

/** The years that the store can hold. */
const EARLIEST = Date.UTC(1970)
const LATEST = Date.UTC(2262)

/** `now`, a time before now (`-15m`) or RFC 3339; null if it is none of these. */
export function parseTime(text: string, now: number): Date | null {
  if (text === 'now') return new Date(now)
  const [, amount, unit] = RELATIVE.exec(text) ?? []
  if (unit) return within(now - Number(amount) * UNITS[unit])
  // A plus sign that nobody escaped arrives as a space.
  const written = text.replace(/ (\d\d:\d\d)$/, '+$1')
  return RFC_3339.test(written) && isOnCalendar(written)
    ? within(Date.parse(written.replace(' ', 'T')))
    : null
}

const within = (time: number): Date | null => (time >= EARLIEST && time < LATEST ? new Date(time) : null)

/** `Date` would read the 30th of February as the 2nd of March. */
function isOnCalendar(text: string): boolean {
  const day = Number(text.slice(8, 10))
  return new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDate() === day
}
