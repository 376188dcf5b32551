import { codes } from '../../store/queries/codes.ts'
import { success } from '../envelope.ts'
import { FILTERS, periodParameters, text, wholeNumber } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import type { Api } from '../zod-provider.ts'

const schema = {
  querystring: periodParameters({
    ...FILTERS,
    q: text('give a part of a code').optional(),
    limit: wholeNumber(1, 1000).default(100),
  }),
}

/** The codes of a period, most frequent first. */
export function registerCodes(app: Api, { query }: Parts): void {
  app.get('/api/v1/codes', { schema }, async (request) => success(request, await codes(query, request.query)))
}
