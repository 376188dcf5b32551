import { quotas } from '../../store/queries/quotas.ts'
import { success } from '../envelope.ts'
import { periodParameters, text, wholeNumber } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import type { Api } from '../zod-provider.ts'

const schema = {
  querystring: periodParameters({
    provider: text().optional(),
    service: text().optional(),
    limit: wholeNumber(1, 1000).default(100),
  }),
}

/** The latest reading of every limit seen in a period. */
export function registerQuotas(app: Api, { query }: Parts): void {
  app.get('/api/v1/quotas', { schema }, async (request) =>
    success(request, await quotas(query, request.query)),
  )
}
