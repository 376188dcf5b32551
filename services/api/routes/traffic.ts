import { z } from 'zod'
import { STATUS_CLASSES } from '../../contract/vocabulary.ts'
import { MOST_SERIES } from '../../store/queries/timeseries.ts'
import { TRAFFIC_BY, traffic, trafficSeries } from '../../store/queries/traffic.ts'
import { answer, refuseParameter, success } from '../envelope.ts'
import { FILTERS, oneOf, periodParameters, text, wholeNumber } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import { sharedAnswers } from '../shared-answers.ts'
import { STEP, stepOf } from '../steps.ts'
import type { Api } from '../zod-provider.ts'

const schema = {
  summary: 'All calls, failed or not: how many, retried, amplified; over time and in total',
  tags: ['traffic'],
  querystring: periodParameters({
    by: oneOf(TRAFFIC_BY)
      .default('provider')
      .meta({ description: 'What tells the series apart.', examples: ['provider'] }),
    step: STEP,
    series: wholeNumber(1, MOST_SERIES)
      .default(MOST_SERIES)
      .describe('So many have a series of their own; the rest is one, `_OTHER`.'),
    provider: FILTERS.provider,
    service: FILTERS.service,
    environment: FILTERS.environment,
    side: FILTERS.side,
    route: text().optional().describe('One route, as its template.'),
    status_class: oneOf(STATUS_CLASSES).optional().describe('How the calls ended.'),
  }),
  response: { 200: answer(z.array(trafficSeries)) },
}

/** The denominator of everything. */
export function registerTraffic(app: Api, { query, retention }: Parts): void {
  const shared = sharedAnswers<Awaited<ReturnType<typeof traffic>>>()
  app.get('/api/v1/traffic', { schema }, async (request, reply) => {
    const found = stepOf(request.query, retention)
    if (!('step' in found)) return refuseParameter(reply, found)
    const { step } = found
    return success(request, await shared(request.url, () => traffic(query, { ...request.query, step })))
  })
}
