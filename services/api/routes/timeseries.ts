import { z } from 'zod'
import { MOST_SERIES, SERIES_BY, series, timeseries } from '../../store/queries/timeseries.ts'
import { answer, refuseParameter, success } from '../envelope.ts'
import { FILTERS, oneOf, periodParameters, text, wholeNumber } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import { sharedAnswers } from '../shared-answers.ts'
import { COMPARE, STEP, stepOf } from '../steps.ts'
import type { Api } from '../zod-provider.ts'

const schema = {
  summary: 'Counts over time, a series for each value of `by`',
  tags: ['codes'],
  querystring: periodParameters({
    by: oneOf(SERIES_BY)
      .default('code')
      .meta({ description: 'What tells the series apart.', examples: ['retry'] }),
    step: STEP,
    compare: COMPARE,
    series: wholeNumber(1, MOST_SERIES)
      .default(MOST_SERIES)
      .describe('So many have a series of their own; the rest is one, `_OTHER`.'),
    ...FILTERS,
    code: text()
      .optional()
      .meta({ description: 'One code.', examples: ['RATE_LIMIT_EXCEEDED'] }),
  }),
  response: { 200: answer(z.array(series)) },
}

/** Counts over time. */
export function registerTimeseries(app: Api, { query, retention }: Parts): void {
  const shared = sharedAnswers<Awaited<ReturnType<typeof timeseries>>>()
  app.get('/api/v1/timeseries', { schema }, async (request, reply) => {
    const { compare: earlier, ...asked } = request.query
    const found = stepOf(request.query, retention)
    if (!('step' in found)) return refuseParameter(reply, found)
    const { step } = found
    return success(request, await shared(request.url, () => timeseries(query, { ...asked, earlier, step })))
  })
}
