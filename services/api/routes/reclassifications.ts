import { z } from 'zod'
import { answer, refuse, success } from '../envelope.ts'
import { text } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import { parseTime } from '../time.ts'
import { withoutTimeLimit } from '../time-limit.ts'
import { type Api, parameters } from '../zod-provider.ts'

const AGAIN_SECONDS = 10
const TIME = 'give a time like 2026-11-21T14:00:00Z, or -24h, -7d'

const schema = {
  summary: 'Give stored rows of a provider today’s verdict',
  description:
    'Rows from a time on, and the rollups of their days, as if the catalogs of now had judged them. Covers all that was ' +
    'reported before; answers when it is done. Days whose rows are gone stay as they were counted.',
  tags: ['store'],
  response: {
    200: answer(
      z.object({
        id: z.string(),
        provider: z.string(),
        from: z.string().describe('The whole minute of the time asked for.'),
        rows: z.number().describe('Rows that have another verdict now.'),
        days: z.array(z.string()).describe('Days in which there were such.'),
        left: z
          .array(z.string())
          .describe('Days left as they were, for their rollups count more or less than their rows.'),
      }),
    ),
  },
  querystring: parameters({}),
  body: parameters({
    provider: text('give the name of a provider').meta({ examples: ['session-api'] }),
    from: z
      .string(TIME)
      .refine((written) => parseTime(written, Date.now()) !== null, TIME)
      .meta({ examples: ['-24h'] }),
  }).meta({ examples: [{ provider: 'session-api', from: '-24h' }] }),
  refuses: ['catalog_not_found' as const],
}

const config = { scope: 'admin' } as const

/** A code became known after its errors were stored. */
export function registerReclassifications(app: Api, { catalogs, upkeep }: Parts): void {
  app.post('/api/v1/reclassifications', { schema, config }, async (request, reply) => {
    const { provider } = request.body
    const from = parseTime(request.body.from, Date.now()) as Date
    // The same ones to the end, whatever is saved meanwhile.
    const { has, list, verdict } = catalogs()
    if (!has(provider)) {
      const providers = list.map((catalog) => catalog.provider)
      return refuse(reply, 'catalog_not_found', {
        message: `There is no catalog of ${provider} to judge by; there are ${providers.join(', ')}.`,
        details: { providers },
      })
    }
    withoutTimeLimit(request)
    const reclassified = await upkeep.reclassify({
      provider,
      from,
      verdict: (code, status, time) => verdict(provider, code, status, time),
    })
    if (reclassified) return success(request, reclassified)
    return refuse(reply, 'store_unavailable', {
      message:
        'Nothing was changed: another reclassification is running, or what was reported before is not stored yet.',
      retryAfterSeconds: AGAIN_SECONDS,
    })
  })
}
