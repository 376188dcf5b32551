import { unknownCodes } from '../../store/queries/unknown.ts'
import { success } from '../envelope.ts'
import { FILTERS, periodParameters, wholeNumber } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import type { Api } from '../zod-provider.ts'

const { standing: _, ...filters } = FILTERS
const schema = { querystring: periodParameters({ ...filters, limit: wholeNumber(1, 1000).default(100) }) }

/** Codes that are in no catalog of their provider. */
export function registerUnknown(app: Api, { query }: Parts): void {
  app.get('/api/v1/unknown', { schema }, async (request) =>
    success(request, await unknownCodes(query, request.query)),
  )
}
