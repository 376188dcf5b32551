import { finished, Readable } from 'node:stream'
import { errorRow, errors } from '../../store/queries/errors.ts'
import type { Query } from '../../store/queries/query.ts'
import type { RowFilter } from '../../store/queries/row-filter.ts'
import { type ErrorPosition, errorPosition } from '../../store/queries/row-places.ts'
import { listAnswer, refuse, refuseParameter, successPage } from '../envelope.ts'
import { listParameters, MOST_ROWS, wholeNumber } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import { ROW_FILTERS } from '../row-filters.ts'
import { sharedAnswers } from '../shared-answers.ts'
import type { Api } from '../zod-provider.ts'

const USUAL_ROWS = 100
/** Half a gigabyte of text; who wants more asks for a shorter period, or exports. */
const MOST_STREAMED = 1_000_000
/** Read at once for a stream: few megabytes, and long enough to be worth a question. */
const STREAMED_AT_ONCE = 2_000
/** Each holds what was read at once until its client takes it, a few megabytes. */
const MOST_READERS = 20
const RETRY_AFTER_SECONDS = 10
const NDJSON = 'application/x-ndjson'

const schema = {
  summary: 'Error rows, newest first',
  description: `A page of JSON, or with \`Accept: ${NDJSON}\` one row a line, as many as there are up to \`limit\`.`,
  tags: ['errors'],
  querystring: listParameters('errors', errorPosition, {
    ...ROW_FILTERS,
    limit: wholeNumber(1, MOST_STREAMED)
      .optional()
      .describe(
        `At most so many: of JSON up to ${MOST_ROWS} at once (${USUAL_ROWS} unless asked otherwise), of lines up to ${MOST_STREAMED} (as many unless asked otherwise). A page may be shorter and still not be the last: \`next_cursor\` says.`,
      ),
  }),
  response: { 200: listAnswer(errorRow) },
  alsoAnswers: [NDJSON],
  refuses: ['too_many_streams' as const],
}

interface Asked extends RowFilter {
  from: Date
  to: Date
}

/** Error rows; every column is a filter. */
export function registerErrors(app: Api, { query }: Parts): void {
  const shared = sharedAnswers<Awaited<ReturnType<typeof errors>>>()
  let readers = 0

  app.get('/api/v1/errors', { schema }, async (request, reply) => {
    const { at: after, goOn, limit, cursor: _, ...asked } = request.query
    if (request.headers.accept?.includes(NDJSON)) {
      if (readers >= MOST_READERS)
        return refuse(reply, 'too_many_streams', { retryAfterSeconds: RETRY_AFTER_SECONDS })
      readers++
      finished(reply.raw, () => readers--)
      const most = limit ?? MOST_STREAMED
      // The first rows are read before anything is said, so that what goes wrong is said with its status.
      const first = await errors(query, { ...asked, after, limit: Math.min(most, STREAMED_AT_ONCE) })
      const lines = Readable.from(linesOf(query, asked, first, most), { objectMode: false, highWaterMark: 0 })
      return reply.type(`${NDJSON}; charset=utf-8`).send(lines as never)
    }
    if (limit !== undefined && limit > MOST_ROWS) {
      const message = `give a whole number from 1 to ${MOST_ROWS}, or ask for more with Accept: ${NDJSON}`
      return refuseParameter(reply, { parameter: 'limit', message })
    }
    const page = { ...asked, after, limit: limit ?? USUAL_ROWS }
    const { rows, next } = await shared(request.url, () => errors(query, page))
    return successPage(request, rows, next && goOn(next))
  })
}

/** Page after page, each read when the one before has gone out: whoever reads slowly, or no longer, costs nothing. */
async function* linesOf(
  query: Query,
  asked: Asked,
  first: Awaited<ReturnType<typeof errors>>,
  most: number,
): AsyncGenerator<string> {
  let left = most
  let page = first
  while (true) {
    if (page.rows.length > 0) yield `${page.rows.map((row) => JSON.stringify(row)).join('\n')}\n`
    left -= page.rows.length
    const after: ErrorPosition | null = page.next
    if (after === null || left === 0) return
    page = await errors(query, { ...asked, after, limit: Math.min(left, STREAMED_AT_ONCE) })
  }
}
