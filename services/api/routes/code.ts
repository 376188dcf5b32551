import { z } from 'zod'
import { CLASSES, RETRIES } from '../../contract/vocabulary.ts'
import { codeDetail, codeDetailOf } from '../../store/queries/code-detail.ts'
import { answer, refuse, success } from '../envelope.ts'
import { FILTERS, periodParameters, text } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import { type Api, parameters } from '../zod-provider.ts'

const explanation = z.object({
  of: z
    .enum(['code', 'status'])
    .describe('status: the code itself is not documented, these words hold for its status in general.'),
  provider: z.string(),
  title: z.string(),
  docs: z.string().nullable(),
  meaning: z.string(),
  action: z.string(),
  retry: z.enum(RETRIES),
  retry_is: z.enum(['stated', 'derived']),
  class: z.enum(CLASSES),
  http: z.array(z.number()),
  since: z.string().nullable(),
  deprecated: z
    .object({ on: z.string(), until: z.string().optional(), instead: z.string().optional() })
    .nullable(),
})

const schema = {
  summary: 'One code: what it means, who meets it, what happens after',
  tags: ['codes'],
  params: parameters({
    provider: text().meta({ description: 'Whose code.', examples: ['session-api'] }),
    code: z
      .string()
      .max(256, 'at most 256 characters')
      .refine((value) => !value.includes('\0'), 'must not contain the character NUL')
      .meta({
        description: 'As sent, case included. Empty: errors without a code.',
        examples: ['RATE_LIMIT_EXCEEDED'],
      }),
  }),
  querystring: periodParameters({
    service: FILTERS.service,
    environment: FILTERS.environment,
    side: FILTERS.side,
  }),
  response: {
    200: answer(
      z.object({
        provider: z.string(),
        code: z.string(),
        catalog: explanation.nullable().describe('What its publisher says; null: nothing.'),
        ...codeDetail.shape,
      }),
    ),
  },
  refuses: ['code_not_found' as const],
}

/** One code of one provider. */
export function registerCode(app: Api, { query, catalogs }: Parts): void {
  app.get('/api/v1/codes/:provider/:code', { schema }, async (request, reply) => {
    const { provider, code } = request.params
    const detail = await codeDetailOf(query, { ...request.query, provider, code })
    const status = Number(detail.by.status[0]?.key ?? 0)
    const found = catalogs().explain(provider, code, status)
    if (detail.first_seen === null && found?.of !== 'code')
      return refuse(reply, 'code_not_found', {
        message: `No error of ${provider} with the code ${code} was ever seen, and no catalog lists it.`,
        details: { provider, code },
      })
    const catalog = found && { ...found, http: [...found.http], deprecated: found.deprecated ?? null }
    return success(request, { provider, code, catalog, ...detail })
  })
}
