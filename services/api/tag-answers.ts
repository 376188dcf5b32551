import { etagOf, isKnown } from './etag.ts'
import type { Api } from './zod-provider.ts'

/** What follows is of the request alone, and differs from one to the next. */
const META = ',"meta":{'

/** Answers of the API carry a tag of their data, and are not sent again to whoever has them already. */
export function tagAnswers(app: Api): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const { url = '' } = request.routeOptions
    if (request.method !== 'GET' && request.method !== 'HEAD') return payload
    if (reply.statusCode !== 200 || reply.hasHeader('etag')) return payload
    if (!url.startsWith('/api/v1/') || typeof payload !== 'string') return payload
    const etag = etagOf(payload.slice(0, payload.lastIndexOf(META)))
    if (!isKnown(request, reply, etag)) return payload
    reply.code(304).removeHeader('content-type')
    return null
  })
}
