// A day is a number (since 1970), a date (2026-11-21), and the name of a partition by day (20261121).

export const DAY_MS = 86_400_000

export const dayAt = (time: number): number => Math.floor(time / DAY_MS)
export const dayOf = (date: string): number => Date.parse(date) / DAY_MS
export const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10)
export const partitionOf = (day: number): string => dateOf(day).replaceAll('-', '')
/** As a list in a statement. */
export const quotedDates = (days: number[]): string => days.map((day) => `'${dateOf(day)}'`).join(', ')
export const dayOfPartition = (partition: string): number =>
  dayOf(partition.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3'))

/** Of a partition by month (202611). */
export function daysOfMonth(partition: string): number[] {
  const [year, month] = [Number(partition.slice(0, 4)), Number(partition.slice(4))]
  const [first, next] = [dayAt(Date.UTC(year, month - 1)), dayAt(Date.UTC(year, month))]
  return Array.from({ length: next - first }, (_, i) => first + i)
}
