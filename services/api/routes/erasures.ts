import { z } from 'zod'
import { storedId } from '../../contract/stored-id.ts'
import { erasureRow, erasures } from '../../store/queries/erasures.ts'
import { answer, refuse, success } from '../envelope.ts'
import { id } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import { withoutTimeLimit } from '../time-limit.ts'
import { type Api, parameters } from '../zod-provider.ts'

const AGAIN_SECONDS = 10
const rows = z.number().describe('Rows that went.')

const list = {
  summary: 'What was erased, newest first',
  description: 'When, of what kind and how many rows; never whose.',
  tags: ['store'],
  response: { 200: answer(z.array(erasureRow)) },
  querystring: parameters({}),
}
const begin = {
  summary: 'Erase every row of a consumer or of a request id',
  description:
    'Rows go, the counts that they are part of stay, and that it was done is recorded. Covers all that was reported ' +
    'before; answers when it is done. Give one of the two. Of a name longer than 256 bytes so much is stored: what ' +
    'begins with the same 256 goes with it.',
  tags: ['store'],
  response: {
    200: answer(
      z.object({
        id: z.string(),
        kind: z.enum(['consumer', 'request_id']),
        rows: z.object({ errors: rows, attempts: rows, quota_samples: rows }),
      }),
    ),
  },
  querystring: parameters({}),
  body: parameters({
    consumer: id('give the name of a consumer')
      .refine(
        (name) => name !== '_OTHER',
        '_OTHER stands for many consumers, beyond the limit of distinct ones',
      )
      .optional(),
    request_id: id('give a request id').optional(),
  })
    .refine(({ consumer, request_id }) => (consumer === undefined) !== (request_id === undefined), {
      path: ['consumer'],
      error: 'give either a consumer or a request_id',
    })
    .meta({ examples: [{ consumer: 'acct_42' }] }),
}

const config = { scope: 'admin' } as const

/** Forgetting somebody, and the record of it. */
export function registerErasures(app: Api, { query, upkeep }: Parts): void {
  app.get('/api/v1/erasures', { schema: list, config }, async (request) =>
    success(request, await erasures(query)),
  )

  app.post('/api/v1/erasures', { schema: begin, config }, async (request, reply) => {
    const { consumer, request_id } = request.body
    withoutTimeLimit(request)
    const erased = await upkeep.erase(
      consumer === undefined
        ? { kind: 'request_id', value: storedId(request_id as string) }
        : { kind: 'consumer', value: storedId(consumer) },
    )
    if (erased) return success(request, erased)
    return refuse(reply, 'store_unavailable', {
      message:
        'Nothing was erased: another erasure is running, or what was reported before is not stored yet and would come back.',
      retryAfterSeconds: AGAIN_SECONDS,
    })
  })
}
