import { number } from '../text/numbers.ts'

const CLEAR_LINE = '\r\u001b[K'
const WIDTH = 24

/** Shows how far the history is told: in place on a terminal, else at its beginning alone. */
export function historyProgress(minutes: number): {
  show(share: number, requests: number): void
  end(): void
} {
  const { stderr } = process
  const what = `telltale: ${minutes} minutes of a shop's history`
  if (!stderr.isTTY) stderr.write(`${what} …\n`)
  let shown = false
  return {
    show(share, requests) {
      if (!stderr.isTTY) return
      shown = true
      const done = Math.round(share * WIDTH)
      const bar = `${'━'.repeat(done)}${'╌'.repeat(WIDTH - done)}`
      const line = `${what} ${bar} ${number(requests)} requests`
      stderr.write(`${CLEAR_LINE}${line.slice(0, (stderr.columns ?? 80) - 1)}`)
    },
    end() {
      if (shown) stderr.write(CLEAR_LINE)
      shown = false
    },
  }
}
