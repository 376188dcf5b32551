import { z } from 'zod'
import { MOST_POINTS, stepFor } from '../store/queries/timeseries.ts'
import type { Parts } from './parts.ts'
import { finestStep } from './rollup-age.ts'

const STEP_HINT = 'give a step like 10s, 5m, 1h or 1d: ten seconds or a multiple'
const SECONDS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }
const LONGEST_STEP = 366 * 86_400
const secondsOf = (written: string) => parseInt(written, 10) * SECONDS[written.replace(/\d/g, '')]

export const STEP = z
  .string(`${STEP_HINT}, once`)
  .regex(/^\d{1,8}[smhdw]?$/, STEP_HINT)
  .transform(secondsOf)
  .refine((seconds) => seconds >= 10 && seconds % 10 === 0 && seconds <= LONGEST_STEP, STEP_HINT)
  .optional()
  .meta({
    description: 'Of ten seconds or a multiple; without it, one that suits the period.',
    examples: ['10m'],
  })

const COMPARE_HINT = 'give how much earlier, like -1h, -1d or -7d'
/** How much earlier, in seconds. */
export const COMPARE = z
  .string(`${COMPARE_HINT}, once`)
  .regex(/^-\d{1,6}[smhdw]$/, COMPARE_HINT)
  .transform((written) => secondsOf(written.slice(1)))
  .refine((seconds) => seconds > 0 && seconds <= LONGEST_STEP, COMPARE_HINT)
  .optional()
  .meta({ description: 'Beside each series, its counts so much earlier.', examples: ['-7d'] })

interface Asked {
  from: Date
  to: Date
  step?: number | undefined
  compare?: number | undefined
}
export type Step = { step: number } | { parameter: 'step' | 'compare'; message: string }

/** The step to count in: as asked, if it is kept for so long, or the finest that suits the period and is. */
export function stepOf({ from, to, step: asked, compare = 0 }: Asked, retention: Parts['retention']): Step {
  const finest = finestStep(new Date(from.getTime() - compare * 1000), new Date(), retention)
  const step = asked ?? Math.max(stepFor(from, to), finest)
  if (step % finest !== 0) {
    const message = `so long ago is only kept in steps of ${finest} s; give a multiple of that, or a later \`from\``
    return { parameter: 'step', message }
  }
  if ((to.getTime() - from.getTime()) / 1000 / step > MOST_POINTS) {
    const message = `gives more than ${MOST_POINTS} points; make it longer, or the period shorter`
    return { parameter: 'step', message }
  }
  if (compare % step !== 0)
    return { parameter: 'compare', message: `give a multiple of the step, which is ${step} s here` }
  return { step }
}
