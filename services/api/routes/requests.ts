import { answer, refuse, success } from '../envelope.ts'
import { answerLookup, lookupAnswer } from '../lookup-answer.ts'
import { id } from '../parameters.ts'
import type { Parts } from '../parts.ts'
import { type Api, parameters } from '../zod-provider.ts'

const schema = {
  summary: 'Everything about one request, and what it means',
  tags: ['requests'],
  params: parameters({
    id: id('give a request id, a trace id or a call id').meta({
      description:
        'A request id; a trace id or a call id does too. Ids that begin with the same 256 bytes are the same.',
      examples: ['req_8f3a'],
    }),
  }),
  querystring: parameters({}),
  response: { 200: answer(lookupAnswer) },
  refuses: ['request_not_found' as const],
}

/** Everything about one request, and what it means. */
export function registerRequests(app: Api, { query, catalogs, retention }: Parts): void {
  app.get('/api/v1/requests/:id', { schema }, async (request, reply) => {
    const { id } = request.params
    const answer = await answerLookup(query, catalogs(), id)
    if (answer) return success(request, answer)
    return refuse(reply, 'request_not_found', {
      message:
        `Nothing is stored about ${id}. Stored are calls that failed or were retried, for ${retention.errors} days, ` +
        'a second or two after they are reported. Their id is in the header X-Request-Id of the answer, ' +
        'or in its body; a trace id does too.',
      details: { request_id: id },
    })
  })
}
