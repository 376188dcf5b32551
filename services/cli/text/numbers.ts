// Numbers and times as people read them, the same on every machine.

const grouped = new Intl.NumberFormat('en-US')
export const number = (value: number): string => grouped.format(value)

/** `1 error`, `2 errors`. */
export const counted = (n: number, what: string): string => `${number(n)} ${what}${n === 1 ? '' : 's'}`

/** A part of a whole as a percentage; what is not nothing never looks like nothing. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return '<1%'
  return `${share > 0.99 && share < 1 ? 99 : Math.round(share * 100)}%`
}

export function duration(ms: number): string {
  if (ms < 1000 && ms > 0) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(1))} s`
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} h`
  return `${Math.round(ms / 86_400_000)} d`
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
export function byteCount(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  return `${Number((bytes / 1024 ** unit).toFixed(unit === 0 ? 0 : 1))} ${UNITS[unit]}`
}
