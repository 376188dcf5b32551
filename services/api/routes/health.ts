import { refuse, success } from '../envelope.ts'
import type { Parts } from '../parts.ts'
import type { Api } from '../zod-provider.ts'

const LOOK_AGAIN_SECONDS = 1

/** `/healthz`: the process is alive. `/readyz`: it can do its work; else 503 with what cannot. */
export function registerHealth(app: Api, { readiness, spans, otlpUrl, version }: Parts): void {
  app.get('/healthz', (request) =>
    success(request, {
      status: 'alive',
      version,
      uptime_seconds: Math.floor(process.uptime()),
      /** Since the start. */
      spans_received: spans(),
      otlp_url: otlpUrl(),
    }),
  )

  app.get('/readyz', async (request, reply) => {
    const { ok, checks } = await readiness()
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
