import { answer, success } from '../envelope.ts'
import { gaps, gapsOf } from '../gaps.ts'
import { FILTERS, periodParameters } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import type { Api } from '../zod-provider.ts'

const { provider, service, environment, side } = FILTERS
const schema = {
  summary: 'Where the catalogs and what was seen part',
  description: 'Judged by the catalogs of now, whatever was stored at its time.',
  tags: ['catalogs'],
  querystring: periodParameters({ provider, service, environment, side }),
  response: { 200: answer(gaps) },
}

/** Codes that nobody documents, documented ones that came otherwise, and those that never came. */
export function registerGaps(app: Api, { query, catalogs }: Pick<Parts, 'query' | 'catalogs'>): void {
  app.get('/api/v1/catalogs/gaps', { schema }, async (request) =>
    success(request, await gapsOf(query, catalogs(), request.query)),
  )
}
