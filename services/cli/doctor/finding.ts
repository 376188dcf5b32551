/** What one look at one thing found. */
export interface Finding {
  check: string
  /** `warn`: it works, and soon may not, or not as somebody expects. */
  status: 'ok' | 'warn' | 'fail'
  found: string
  /** What to do about it. */
  advice: string | null
}

export const ok = (check: string, found: string): Finding => ({ check, status: 'ok', found, advice: null })
export const warn = (check: string, found: string, advice: string): Finding => ({
  check,
  status: 'warn',
  found,
  advice,
})
export const fail = (check: string, found: string, advice: string): Finding => ({
  check,
  status: 'fail',
  found,
  advice,
})
