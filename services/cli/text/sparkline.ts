const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/** Counts as a line of at most `width` bars; a dot where there was nothing. */
export function sparkline(counts: number[], width: number): string {
  const each = Math.ceil(counts.length / width)
  const sums: number[] = []
  // From the end, so that the newest bar is as long as the others.
  for (let end = counts.length; end > 0; end -= each)
    sums.unshift(counts.slice(Math.max(0, end - each), end).reduce((a, b) => a + b, 0))
  const most = Math.max(...sums)
  return sums.map((sum) => (sum === 0 ? '·' : BARS[Math.ceil((sum / most) * BARS.length) - 1])).join('')
}
