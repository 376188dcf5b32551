import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Door } from '../access/door.ts'
import type { Config } from '../config.ts'
import type { IngestCounters } from '../consumer/ingest.ts'
import { createIntake } from '../intake/intake.ts'
import type { Accept } from '../intake/receive.ts'
import { intakeMetrics, otlpSeconds } from '../metrics/intake.ts'
import type { createSelf } from '../self/self.ts'

/** Whoever sends OTLP → intake → a line. */
export async function openOtlp(parts: {
  config: Config
  log: Logger
  closing: (() => Promise<unknown>)[]
  metrics: Registry
  door: Door
  self: ReturnType<typeof createSelf>
  accept: Accept
  taken: IngestCounters
}) {
  const { config, log, closing, metrics, door, self } = parts
  const otlpAnswered = otlpSeconds(metrics)
  const intake = createIntake({
    accept: parts.accept,
    guard: self.admitting(door.guardFor(config.limits.otlpRequests)),
    newServer: door.newServer,
    isPlain: !door.isTls,
    corsOrigins: config.cors.origins,
    limits: config.limits,
    answered: (answer) => {
      otlpAnswered(answer)
      self.otlpAnswered(answer)
    },
    log: (message, error) => log.error({ error }, message),
  })
  closing.push(() => intake.close())
  intakeMetrics(metrics, intake.counters, parts.taken)
  return {
    server: intake.server,
    url: door.urlOf(await intake.listen(config.host, config.otlpPort)),
  }
}
