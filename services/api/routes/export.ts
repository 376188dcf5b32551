import { EXPORT_FORMATS, EXPORT_TABLES, type ExportFormat } from '../../store/queries/export.ts'
import { refuse } from '../envelope.ts'
import { oneOf, periodParameters } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import { withoutTimeLimit } from '../time-limit.ts'
import type { Api } from '../zod-provider.ts'

const FORMATS = Object.keys(EXPORT_FORMATS) as ExportFormat[]
const AGAIN_SECONDS = 30

const schema = {
  summary: 'Rows or counts of a period, as a file',
  description: 'One export at a time. An answer that ends early, without its last chunk, is not complete.',
  tags: ['store'],
  alsoAnswers: Object.values(EXPORT_FORMATS).map(({ mediaType }) => mediaType),
  querystring: periodParameters({
    table: oneOf(EXPORT_TABLES)
      .default('errors')
      .meta({ description: 'Which rows or counts.', examples: ['errors'] }),
    format: oneOf(FORMATS)
      .default('ndjson')
      .meta({ description: 'How they are written.', examples: ['ndjson'] }),
  }),
}

const config = { scope: 'admin' } as const

/** Streams a table's part; the name of the file is ours, of nothing that anybody sent. */
export function registerExport(app: Api, { upkeep }: Parts): void {
  app.get('/api/v1/export', { schema, config }, async (request, reply) => {
    const { table, format, from, to } = request.query
    const limited = withoutTimeLimit(request)
    const rows = await upkeep.export(request.query)
    limited()
    if (rows === null)
      return refuse(reply, 'store_unavailable', {
        message: 'Another export is running; one at a time.',
        retryAfterSeconds: AGAIN_SECONDS,
      })
    const period = [from, to].map((time) => time.toISOString().slice(0, 19).replace(/[-:]/g, '')).join('-')
    return reply
      .type(EXPORT_FORMATS[format].mediaType)
      .header('content-disposition', `attachment; filename="telltale-${table}-${period}.${format}"`)
      .send(rows)
  })
}
