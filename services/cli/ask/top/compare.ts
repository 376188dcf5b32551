import type { ListedCode } from '../../../api/routes/codes.ts'

/** A code now and before. */
export interface TopRow extends Omit<ListedCode, 'share' | 'count'> {
  now: number
  before: number
}

export interface Top {
  at: string
  /** Each half of the comparison, in minutes; now is that and the minute that is running. */
  minutes: number
  /** Of all codes. */
  now: number
  before: number
  codes: TopRow[]
}

const MINUTE = 60_000

/** `whole` is of both halves, `recent` of the second: counts begin with a minute, so that nothing is in both. */
export function compare(whole: ListedCode[], recent: ListedCode[], minutes: number, at: Date): Top {
  const all = new Map([...recent, ...whole].map((row) => [keyOf(row), row]))
  const nows = new Map(recent.map((row) => [keyOf(row), row.count]))
  const rows = [...all].map(([key, { share: _, count, ...row }]) => {
    const now = nows.get(key) ?? 0
    // What arrived between the two questions is in one of them only.
    return { ...row, now, before: Math.max(0, count - now) }
  })
  const codes = rows.sort((a, b) => b.now - a.now || b.before - a.before || (a.code < b.code ? -1 : 1))
  const sum = (name: 'now' | 'before') => codes.reduce((total, row) => total + row[name], 0)
  return { at: at.toISOString(), minutes, now: sum('now'), before: sum('before'), codes }
}

const keyOf = ({ provider, code, status }: ListedCode) => JSON.stringify([provider, code, status])

/** How much faster it comes than before, in a few characters. The running minute makes `now` the longer half. */
export function change({ now, before, first_seen }: TopRow, { at, minutes }: Top): string {
  const time = Date.parse(at)
  const since = Math.floor(time / MINUTE) * MINUTE - minutes * MINUTE
  if (now === 0) return 'gone'
  if (before === 0) return Date.parse(first_seen) >= since ? 'new' : 'again'
  const ratio = now / (time - since) / (before / (minutes * MINUTE))
  if (ratio >= 10) return `×${Math.round(ratio)}`
  if (ratio >= 2) return `×${ratio.toFixed(1)}`
  const percents = Math.round((ratio - 1) * 100)
  return percents === 0 ? '=' : `${percents > 0 ? '+' : '−'}${Math.abs(percents)}%`
}
