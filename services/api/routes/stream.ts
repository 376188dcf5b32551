import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { refuse } from '../envelope.ts'
import type { Parts } from '../parts.ts'
import { type Api, parameters } from '../zod-provider.ts'

/** Pages and scripts of one team; each costs a socket and at most what is unsent. */
const MOST_STREAMS = 100
/** A minute of busy seconds. Whoever is further behind is dropped, and comes back with the id of what it saw last. */
const MOST_UNSENT_BYTES = 256 * 1024
/** Shorter than the patience of usual proxies (60 s), and how soon a dead connection is noticed. */
const HEARTBEAT_MS = 15_000
const COME_BACK_MS = 3_000
const RETRY_AFTER_SECONDS = 10
const LAST_WORDS_MS = 500

const schema = {
  summary: 'What happens now, as server-sent events',
  description:
    '`counts`: errors of a second by code, the most frequent first. `unknown_codes`: codes that nobody documents and that ' +
    'were never seen before. `gap`: who came back missed events that are not kept any longer. A client that comes back ' +
    'with the header Last-Event-ID gets what it missed in the last two minutes. One that does not read is cut off.',
  tags: ['stream'],
  querystring: parameters({}),
  alsoAnswers: ['text/event-stream'],
  refuses: ['too_many_streams' as const],
}

/** Events as they happen, to everybody who asks. */
export function registerStream(app: Api, { live }: Pick<Parts, 'live'>): void {
  const open = new Set<ServerResponse>()

  app.get('/api/v1/stream', { schema, exposeHeadRoute: false }, (request, reply) => {
    if (open.size >= MOST_STREAMS)
      return refuse(reply, 'too_many_streams', { retryAfterSeconds: RETRY_AFTER_SECONDS })
    const id = request.headers['last-event-id']
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, {
      ...(reply.getHeaders() as OutgoingHttpHeaders),
      'content-type': 'text/event-stream; charset=utf-8',
      connection: 'close',
      // Or nginx collects it.
      'x-accel-buffering': 'no',
    })
    raw.write(`retry: ${COME_BACK_MS}\n\n`)
    const send = (frame: string) => {
      if (raw.writableEnded) return
      if (raw.writableLength <= MOST_UNSENT_BYTES) return void raw.write(frame)
      live.counters.slow++
      raw.destroy()
    }
    const leave = live.follow(typeof id === 'string' ? id : undefined, send)
    const heartbeat = setInterval(() => send(': still here\n\n'), HEARTBEAT_MS)
    open.add(raw)
    live.counters.open = open.size
    raw.on('error', () => {})
    raw.on('close', () => {
      clearInterval(heartbeat)
      leave()
      open.delete(raw)
      live.counters.open = open.size
    })
  })

  app.addHook('preClose', async () => {
    for (const raw of open) raw.end()
    // Who does not read would keep us.
    setTimeout(() => {
      for (const raw of open) raw.destroy()
    }, LAST_WORDS_MS)
  })
}
