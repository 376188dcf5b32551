import { join } from 'node:path'
import type { Config } from '../../config.ts'
import type { Store } from '../../store/connect/open.ts'
import { retentionOf } from '../../store/upkeep/retention.ts'
import { nothingUnsettled } from '../../store/upkeep/unsettled.ts'
import { createUpkeep, type Incoming, type Upkeep } from '../../store/upkeep/upkeep.ts'
import { embeddedStore } from '../../store-place.ts'
import { openInline } from '../../transport/inline/open.ts'
import { complain } from '../run.ts'

/** Upkeep of a store that nothing comes into; the journal is opened when it is asked about. */
export function upkeepAtRest(
  config: Config,
  { writer, writers, stream }: Store,
  closing: (() => Promise<unknown>)[],
): Upkeep {
  /** Nobody delivers here: what a crash left in the journal stays there, and then nothing may be erased. */
  async function incoming(): Promise<Incoming> {
    const { ledger, stats, close } = await openInline({
      directory: join(config.data, 'journal'),
      maxBytes: config.limits.journalBytes,
      notice: (message) => complain(message),
    })
    closing.push(close)
    const { position, intent } = ledger.read()
    return {
      between: { run: (work) => work() },
      stored: async () => intent === null && position === stats().durableEnd,
    }
  }
  const retention = retentionOf(config.retention)
  return createUpkeep({
    client: writer,
    stream,
    inTurn: writers.inTurn,
    retention,
    unsettled: nothingUnsettled(retention),
    incoming,
    embedded: embeddedStore(config),
  })
}
