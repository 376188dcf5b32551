const QUIET_MS = 1_000
const EVERY_MS = 200
const FRAMES = ['⠋', '⠙', '⠸', '⠴', '⠦', '⠇']
/** To the line's start, and all of it gone. */
const CLEAR_LINE = '\r\u001b[K'

/** Shows on a terminal that something is still going on, once it takes longer than a second. */
export async function withProgress<T>(doing: () => string, work: Promise<T>): Promise<T> {
  const { stderr } = process
  if (!stderr.isTTY) return work
  const began = performance.now()
  let shown = false
  const timer = setInterval(() => {
    const elapsed = performance.now() - began
    if (elapsed < QUIET_MS) return
    shown = true
    const frame = FRAMES[Math.floor(elapsed / EVERY_MS) % FRAMES.length]
    const line = `${frame} ${doing()} … ${Math.floor(elapsed / 1000)} s`
    stderr.write(`${CLEAR_LINE}${line.slice(0, (stderr.columns ?? 80) - 1)}`)
  }, EVERY_MS)
  timer.unref()
  try {
    return await work
  } finally {
    clearInterval(timer)
    if (shown) stderr.write(CLEAR_LINE)
  }
}
