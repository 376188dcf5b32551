import { z } from 'zod'
import { answer, refuse, success } from '../envelope.ts'
import type { StatusParts } from '../parts.ts'
import { type Check, check } from '../readiness.ts'
import type { Api } from '../zod-provider.ts'

/** Whoever starts and stops processes has no token of theirs. */
const config = { scope: 'anyone' } as const
const LOOK_AGAIN_SECONDS = 1

const alive = {
  summary: 'Is the process alive?',
  tags: ['instance'],
  response: {
    200: answer(
      z.object({
        status: z.literal('alive'),
        version: z.string(),
        uptime_seconds: z.int(),
        spans_received: z.int().describe('Since the start.'),
        otlp_url: z.string().describe('Where spans are sent to; empty for a process that takes none.'),
      }),
    ),
  },
}
const ready = {
  summary: 'Can it do its work? If not, 503 with what cannot',
  tags: ['instance'],
  refuses: ['not_ready' as const],
  response: { 200: answer(z.object({ status: z.literal('ready'), checks: z.array(check) })) },
}

/** `/healthz`: the process is alive. `/readyz`: it can do its work; else 503 with what cannot. */
export function registerHealth(app: Api, { readiness, spans, otlpUrl, version }: StatusParts): void {
  app.get('/healthz', { schema: alive, config }, (request) =>
    success(request, {
      status: 'alive',
      version,
      uptime_seconds: Math.floor(process.uptime()),
      spans_received: spans(),
      otlp_url: otlpUrl(),
    }),
  )

  app.get('/readyz', { schema: ready, config }, async (request, reply) => {
    const { ok, ...found } = await readiness()
    // Reasons quote the store and the disk.
    const checks: Check[] = request.opens('read')
      ? found.checks
      : found.checks.map(({ reason: _, ...check }) => check)
    if (ok) return success(request, { status: 'ready', checks })
    const failing = checks.filter((check) => !check.ok)
    const reasons = failing.map(({ name, reason }) => `${name}: ${reason ?? 'not ok'}`)
    return refuse(reply, 'not_ready', {
      message: `Not ready. ${reasons.join('; ')}.`,
      details: { checks },
      retryAfterSeconds: LOOK_AGAIN_SECONDS,
    })
  })
}
