import { z } from 'zod'
import { unknownCode, unknownCodes } from '../../store/queries/unknown.ts'
import { answer, success } from '../envelope.ts'
import { FILTERS, periodParameters, wholeNumber } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import type { Api } from '../zod-provider.ts'

const { standing: _, ...filters } = FILTERS
const schema = {
  summary: 'Codes that are in no catalog of their provider, and who brought them',
  tags: ['codes'],
  querystring: periodParameters({
    ...filters,
    limit: wholeNumber(1, 1000).default(100).describe('At most so many.'),
  }),
  response: { 200: answer(z.array(unknownCode)) },
}

/** Codes that are in no catalog of their provider. */
export function registerUnknown(app: Api, { query }: Parts): void {
  app.get('/api/v1/unknown', { schema }, async (request) =>
    success(request, await unknownCodes(query, request.query)),
  )
}
