import type { StatusParts } from '../parts.ts'
import type { Api } from '../zod-provider.ts'

const schema = {
  summary: 'What the instance says of itself, for Prometheus',
  tags: ['instance'],
  alsoAnswers: ['text/plain'],
}

/** `/metrics`, for Prometheus. */
export function registerMetrics(app: Api, { metrics }: StatusParts): void {
  app.get('/metrics', { schema }, async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics()),
  )
}
