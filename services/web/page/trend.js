import { svg } from './dom.js'

const WIDTH = 120
const HEIGHT = 24

/** Counts over the period as bars; the tallest is the most there was. */
export function trend(counts) {
  const most = Math.max(1, ...counts)
  const step = WIDTH / Math.max(1, counts.length)
  return svg(
    'svg',
    {
      class: 'bars',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': `trend: ${counts.at(-1) ?? 0} at the end, ${Math.max(0, ...counts)} at most`,
    },
    counts.map((count, at) => {
      // Whatever happened at all can be seen.
      const height = count === 0 ? 0.75 : Math.max(2, (count / most) * HEIGHT)
      return svg('rect', {
        class: count === 0 ? 'zero' : null,
        x: (at * step + step * 0.1).toFixed(2),
        y: (HEIGHT - height).toFixed(2),
        width: (step * 0.8).toFixed(2),
        height: height.toFixed(2),
      })
    }),
  )
}
