import { z } from 'zod'
import { CODE_SORTS, codeKey, codeRow, codes, ORDERS } from '../../store/queries/codes.ts'
import { NOTHING_SHOWN } from '../../store/queries/page.ts'
import { nowShown, shownPosition } from '../cursor.ts'
import { listAnswer, successPage } from '../envelope.ts'
import { FILTERS, listParameters, oneOf, text } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import { sharedAnswers } from '../shared-answers.ts'
import type { Api } from '../zod-provider.ts'

/** A code as it is listed: a code that nobody knows means less where nobody has made a catalog yet. */
export const listed = {
  has_catalog: z.boolean().describe('Whether there is a catalog of this provider at all.'),
}
const listedCode = codeRow.extend(listed)
export type ListedCode = z.output<typeof listedCode>

const schema = {
  summary: 'The codes of a period, most frequent first',
  tags: ['codes'],
  response: { 200: listAnswer(listedCode) },
  querystring: listParameters('codes', shownPosition, {
    ...FILTERS,
    q: text('give a part of a code')
      .optional()
      .meta({ description: 'A part of the code, in any case.', examples: ['LIMIT'] }),
    sort: oneOf(CODE_SORTS).default('count').describe('What the list is ordered by.'),
    order: oneOf(ORDERS)
      .optional()
      .describe('Which way; without it, `asc` by code and `desc` by anything else.'),
  }),
}

/** The codes of a period, most frequent first. */
export function registerCodes(app: Api, { query, catalogs }: Parts): void {
  const shared = sharedAnswers<Awaited<ReturnType<typeof codes>>>()
  app.get('/api/v1/codes', { schema }, async (request) => {
    const { at: shown = NOTHING_SHOWN, goOn, ...asked } = request.query
    const { rows, more } = await shared(request.url, () => codes(query, { ...asked, shown }))
    const listedRows = rows.map((row) => ({ ...row, has_catalog: catalogs().has(row.provider) }))
    return successPage(request, listedRows, more ? goOn(nowShown(shown, rows.map(codeKey))) : null)
  })
}
