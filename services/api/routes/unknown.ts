import { codeKey } from '../../store/queries/codes.ts'
import { NOTHING_SHOWN } from '../../store/queries/page.ts'
import { unknownCode, unknownCodes } from '../../store/queries/unknown.ts'
import { nowShown, shownPosition } from '../cursor.ts'
import { listAnswer, successPage } from '../envelope.ts'
import { FILTERS, listParameters } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import { sharedAnswers } from '../shared-answers.ts'
import type { Api } from '../zod-provider.ts'
import { listed } from './codes.ts'

const { standing: _, ...filters } = FILTERS
const schema = {
  summary: 'Codes that are in no catalog of their provider, and who brought them',
  tags: ['codes'],
  querystring: listParameters('unknown', shownPosition, filters),
  response: { 200: listAnswer(unknownCode.extend(listed)) },
}

/** Codes that are in no catalog of their provider. */
export function registerUnknown(app: Api, { query, catalogs }: Parts): void {
  const shared = sharedAnswers<Awaited<ReturnType<typeof unknownCodes>>>()
  app.get('/api/v1/unknown', { schema }, async (request) => {
    const { at: shown = NOTHING_SHOWN, goOn, ...asked } = request.query
    const { rows, more } = await shared(request.url, () => unknownCodes(query, { ...asked, shown }))
    const listedRows = rows.map((row) => ({ ...row, has_catalog: catalogs().has(row.provider) }))
    return successPage(request, listedRows, more ? goOn(nowShown(shown, rows.map(codeKey))) : null)
  })
}
