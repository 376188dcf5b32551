import { z } from 'zod'
import { codeRow, codes } from '../../store/queries/codes.ts'
import { answer, success } from '../envelope.ts'
import { FILTERS, periodParameters, text, wholeNumber } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import type { Api } from '../zod-provider.ts'

const schema = {
  summary: 'The codes of a period, most frequent first',
  tags: ['codes'],
  response: { 200: answer(z.array(codeRow)) },
  querystring: periodParameters({
    ...FILTERS,
    q: text('give a part of a code')
      .optional()
      .meta({ description: 'A part of the code.', examples: ['LIMIT'] }),
    limit: wholeNumber(1, 1000).default(100).describe('At most so many.'),
  }),
}

/** The codes of a period, most frequent first. */
export function registerCodes(app: Api, { query }: Parts): void {
  app.get('/api/v1/codes', { schema }, async (request) => success(request, await codes(query, request.query)))
}
