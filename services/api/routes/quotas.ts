import { storedId } from '../../contract/stored-id.ts'
import { NOTHING_SHOWN } from '../../store/queries/page.ts'
import { quotaKey, quotaRow, quotas } from '../../store/queries/quotas.ts'
import { nowShown, shownPosition } from '../cursor.ts'
import { listAnswer, successPage } from '../envelope.ts'
import { FILTERS, id, listParameters, text } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import { sharedAnswers } from '../shared-answers.ts'
import type { Api } from '../zod-provider.ts'

const schema = {
  summary: 'The latest reading of every limit, the emptiest first',
  tags: ['quotas'],
  querystring: listParameters('quotas', shownPosition, {
    provider: FILTERS.provider,
    service: FILTERS.service,
    environment: FILTERS.environment,
    consumer: id().transform(storedId).optional().describe('Whose allowance, where it is not the service’s.'),
    name: text().optional().describe('Which limit.'),
  }),
  response: { 200: listAnswer(quotaRow) },
}

/** The latest reading of every limit seen in a period. */
export function registerQuotas(app: Api, { query }: Parts): void {
  const shared = sharedAnswers<Awaited<ReturnType<typeof quotas>>>()
  app.get('/api/v1/quotas', { schema }, async (request) => {
    const { at: shown = NOTHING_SHOWN, goOn, ...asked } = request.query
    const { rows, more } = await shared(request.url, () => quotas(query, { ...asked, shown }))
    return successPage(request, rows, more ? goOn(nowShown(shown, rows.map(quotaKey))) : null)
  })
}
