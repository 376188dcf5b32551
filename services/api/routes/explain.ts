import { z } from 'zod'
import type { Catalogs } from '../../catalog/classify.ts'
import { answer, refuse, success } from '../envelope.ts'
import { explain, explanation } from '../explanation.ts'
import { text } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import { type Api, parameters } from '../zod-provider.ts'

const MOST_HEADER_CHARACTERS = 8192
const STATUS_HINT = 'give an HTTP status, 100 to 599'
const headerValue = z.string().max(MOST_HEADER_CHARACTERS)

const schema = {
  summary: 'What an error means, whether to send the call again, how long to wait, what to tell the customer',
  tags: ['catalogs'],
  description:
    'Give what is known of it: a code, or the status, headers and body of the answer. Nothing is stored.',
  querystring: parameters({}),
  body: parameters({
    provider: text().optional().describe('Whose API; needed where several document the same code.'),
    code: text('give an error code').optional(),
    status: z.int(STATUS_HINT).min(100, STATUS_HINT).max(599, STATUS_HINT).optional(),
    headers: z
      .record(z.string(), z.union([headerValue, z.array(headerValue)]), 'give an object of texts')
      .optional()
      .describe('Of the answer.'),
    body: z.unknown().optional().describe('Of the answer, as text or as JSON.'),
  })
    .refine(({ code, status, body }) => code !== undefined || status !== undefined || body !== undefined, {
      path: ['code'],
      error: 'give a code, a status or a body',
    })
    .meta({
      examples: [
        {
          provider: 'session-api',
          status: 429,
          headers: { 'Retry-After': '30' },
          body: { error: { code: 'RATE_LIMIT_EXCEEDED', message: 'Too many requests' } },
        },
      ],
    }),
  response: { 200: answer(explanation) },
}

/** An error at hand, explained. */
export function registerExplain(app: Api, { catalogs }: Pick<Parts, 'catalogs'>): void {
  app.post('/api/v1/explain', { schema }, (request, reply) => {
    const { provider } = request.body
    const wrong = provider === undefined ? null : providerProblem(catalogs(), provider)
    if (wrong === null) return success(request, explain(catalogs(), request.body, Date.now()))
    const details = [{ parameter: 'provider', message: wrong }]
    return refuse(reply, 'invalid_parameter', { message: `provider: ${wrong}.`, details })
  })
}

function providerProblem({ list }: Catalogs, provider: string): string | null {
  const providers = list.map((catalog) => catalog.provider)
  return providers.includes(provider)
    ? null
    : `there is no catalog of ${provider}; there are ${providers.join(', ')}`
}
