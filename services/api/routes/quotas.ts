import { z } from 'zod'
import { quotaRow, quotas } from '../../store/queries/quotas.ts'
import { answer, success } from '../envelope.ts'
import { FILTERS, periodParameters, wholeNumber } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import type { Api } from '../zod-provider.ts'

const schema = {
  summary: 'The latest reading of every limit, the emptiest first',
  tags: ['quotas'],
  querystring: periodParameters({
    provider: FILTERS.provider,
    service: FILTERS.service,
    limit: wholeNumber(1, 1000).default(100).describe('At most so many.'),
  }),
  response: { 200: answer(z.array(quotaRow)) },
}

/** The latest reading of every limit seen in a period. */
export function registerQuotas(app: Api, { query }: Parts): void {
  app.get('/api/v1/quotas', { schema }, async (request) =>
    success(request, await quotas(query, request.query)),
  )
}
