import type { Parts } from '../parts.ts'
import type { Api } from '../zod-provider.ts'

/** `/metrics`, for Prometheus. */
export function registerMetrics(app: Api, { metrics }: Parts): void {
  app.get('/metrics', (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(metrics()),
  )
}
