import { z } from 'zod'
import { SCOPES } from '../../contract/scopes.ts'
import { tokenRow } from '../../store/queries/tokens.ts'
import { answer, refuse, success } from '../envelope.ts'
import { EXPIRY_HINT, parseExpiry } from '../expiry.ts'
import { text } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import { type Api, parameters } from '../zod-provider.ts'

const SCOPES_HINT = `give a list of one or more of ${SCOPES.join(', ')}`

const made = tokenRow.extend({ token: z.string().describe('The token itself: here, and never again.') })

const creation = {
  summary: 'Make a token; it is shown in this answer only',
  description:
    'While there is no token yet, the first one can be made without any, on the machine that telltale runs on.',
  tags: ['tokens'],
  response: { 200: answer(made) },
  querystring: parameters({}),
  body: parameters({
    name: text('give a name')
      .optional()
      .describe('What it is for; for people.')
      .meta({ examples: ['checkout'] }),
    scopes: z
      .array(z.enum(SCOPES, SCOPES_HINT), SCOPES_HINT)
      .refine(({ length }) => length >= 1 && length <= SCOPES.length, SCOPES_HINT)
      .describe('What it opens: `ingest` OTLP, `read` questions, `admin` everything.')
      .meta({ examples: [['ingest']] }),
    expires: z
      .string(EXPIRY_HINT)
      .refine((written) => parseExpiry(written, Date.now()) !== null, EXPIRY_HINT)
      .optional()
      .describe('When it ends; never, if left out.')
      .meta({ examples: ['90d'] }),
  }).meta({ examples: [{ name: 'checkout', scopes: ['ingest'], expires: '90d' }] }),
}
const listing = {
  summary: 'The tokens, the newest first, without what they are made of',
  tags: ['tokens'],
  response: { 200: answer(z.array(tokenRow)) },
  querystring: parameters({}),
}
const revocation = {
  summary: 'End a token; the next request with it is refused',
  tags: ['tokens'],
  refuses: ['token_not_found' as const],
  response: { 200: answer(tokenRow) },
  params: parameters({
    id: text('give the id of a token')
      .describe('As the list has it.')
      .meta({ examples: ['tok_5c1f0b7f2f0e'] }),
  }),
  querystring: parameters({}),
}

const config = { scope: 'admin' } as const

/** Who may make tokens, sees which there are and ends them. */
export function registerTokens(app: Api, { tokens, log }: Pick<Parts, 'tokens' | 'log'>): void {
  app.get('/api/v1/tokens', { schema: listing, config }, async (request) => success(request, tokens.list()))

  app.post('/api/v1/tokens', { schema: creation, config }, async (request) => {
    const { name = '', scopes, expires } = request.body
    const expiresAt = expires === undefined ? null : parseExpiry(expires, Date.now())
    const created = await tokens.create({ name, scopes: [...new Set(scopes)], expiresAt })
    log.warn(
      { token_id: created.id, name, scopes: created.scopes, request_id: request.id },
      'a token was made',
    )
    return success(request, created)
  })

  app.delete('/api/v1/tokens/:id', { schema: revocation, config }, async (request, reply) => {
    const { id } = request.params
    const revoked = await tokens.revoke(id)
    if (revoked === undefined) return refuse(reply, 'token_not_found', { details: { id } })
    log.warn({ token_id: id, request_id: request.id }, 'a token was revoked')
    return success(request, revoked)
  })
}
