import type { ServerResponse } from 'node:http'
import { finished } from 'node:stream'
import type { Api } from './zod-provider.ts'

/** Who reads can read what is left in this time; who does not would keep us from ending for minutes. */
const LAST_READ_MS = 5_000

/** At the end, answers that are being sent may go on for a while; those that are still worked on may take their time. */
export function leaveSlowReaders(app: Api, lastReadMs = LAST_READ_MS): void {
  const underWay = new Set<ServerResponse>()
  app.addHook('onRequest', (_request, { raw }, done) => {
    underWay.add(raw)
    finished(raw, () => underWay.delete(raw))
    done()
  })

  let looking: NodeJS.Timeout | undefined
  app.addHook('preClose', (done) => {
    const begun = new WeakSet<ServerResponse>()
    const look = () => {
      for (const raw of underWay) {
        if (begun.has(raw)) raw.destroy()
        else if (raw.headersSent) begun.add(raw)
      }
    }
    look()
    looking = setInterval(look, lastReadMs)
    done()
  })
  app.addHook('onClose', (_app, done) => {
    clearInterval(looking)
    done()
  })
}
