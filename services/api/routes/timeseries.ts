import { z } from 'zod'
import { MOST_POINTS, SERIES_BY, series, stepFor, timeseries } from '../../store/queries/timeseries.ts'
import { answer, refuse, success } from '../envelope.ts'
import { FILTERS, periodParameters, text } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import { finestStep } from '../rollup-age.ts'
import type { Api } from '../zod-provider.ts'

const STEP_HINT = 'give a step like 10s, 5m, 1h or 1d: ten seconds or a multiple'
const SECONDS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }
const LONGEST_STEP = 366 * 86_400

const step = z
  .string(`${STEP_HINT}, once`)
  .regex(/^\d{1,8}[smhdw]?$/, STEP_HINT)
  .transform((written) => parseInt(written, 10) * SECONDS[written.replace(/\d/g, '')])
  .refine((seconds) => seconds >= 10 && seconds % 10 === 0 && seconds <= LONGEST_STEP, STEP_HINT)

const schema = {
  summary: 'Counts over time, a series for each value of `by`',
  tags: ['codes'],
  querystring: periodParameters({
    by: z
      .enum(SERIES_BY, `give one of ${SERIES_BY.join(', ')}`)
      .default('code')
      .meta({ description: 'What tells the series apart.', examples: ['retry'] }),
    step: step.optional().meta({
      description: 'Of ten seconds or a multiple; without it, one that suits the period.',
      examples: ['10m'],
    }),
    ...FILTERS,
    code: text()
      .optional()
      .meta({ description: 'One code.', examples: ['RATE_LIMIT_EXCEEDED'] }),
  }),
  response: { 200: answer(z.array(series)) },
}

/** Counts over time, a series for each value of `by`. */
export function registerTimeseries(app: Api, { query, retention }: Parts): void {
  app.get('/api/v1/timeseries', { schema }, async (request, reply) => {
    const { step: asked, from, to } = request.query
    const finest = finestStep(from, new Date(), retention)
    const step = asked ?? Math.max(stepFor(from, to), finest)
    const wrong = stepProblem(step, finest, to.getTime() - from.getTime())
    if (wrong) {
      const details = [{ parameter: 'step', message: wrong }]
      return refuse(reply, 'invalid_parameter', { message: `step: ${wrong}.`, details })
    }
    return success(request, await timeseries(query, { ...request.query, step }))
  })
}

function stepProblem(step: number, finest: number, periodMs: number): string | null {
  if (step % finest !== 0) {
    return `so long ago is only kept in steps of ${finest} s; give a multiple of that, or a later \`from\``
  }
  if (periodMs / 1000 / step > MOST_POINTS)
    return `gives more than ${MOST_POINTS} points; make it longer, or the period shorter`
  return null
}
