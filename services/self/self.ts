import { ADMITTED, type Guard } from '../access/guard.ts'
import type { Answered as OtlpAnswered } from '../intake/serve.ts'
import { servedOtlp } from './otlp.ts'
import type { OwnSpans, Served, startOwnSpans } from './own-spans.ts'
import { newOwnToken } from './own-token.ts'

/** Telltale as one of its own applications: silent until it is started, which only `--self` does. */
export function createSelf() {
  const token = newOwnToken()
  let spans: OwnSpans | undefined

  return {
    /** The same guard, which also lets our own spans in. */
    admitting: (guard: Guard): Guard => ({
      check: (asker, scope) =>
        scope === 'ingest' && token.is(asker.headers.authorization) ? ADMITTED : guard.check(asker, scope),
    }),
    apiAnswered: (answer: Served) => spans?.served(answer),
    /** Those that failed, except those that carry our own spans: they would carry news of themselves for ever. */
    otlpAnswered(answer: OtlpAnswered) {
      if (answer.status >= 400 && !token.is(answer.request.headers.authorization))
        spans?.served(servedOtlp(answer))
    },
    /** Answers how to stop it. */
    async start(
      where: Omit<Parameters<typeof startOwnSpans>[0], 'authorization'>,
    ): Promise<() => Promise<void>> {
      // Loaded only when it is wanted: a quarter of a second and 15 MB that nobody else pays.
      const sdk = await import('./own-spans.ts')
      const started = sdk.startOwnSpans({ ...where, authorization: token.authorization })
      spans = started
      return started.stop
    },
  }
}
