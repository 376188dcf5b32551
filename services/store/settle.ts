import type { Notice } from '../contract/notice.ts'
import { settleErasures } from './erase.ts'
import { settleReclassifications } from './reclassify.ts'
import type { Retention } from './retention.ts'
import type { TurnClient } from './writers.ts'

/** What a kill cut short of what was done to rows on purpose, put right before anything is mended. */
export async function settleAtStart(client: TurnClient, retention: Retention, notice: Notice): Promise<void> {
  const erasures = await settleErasures(client)
  if (erasures.length > 0)
    notice('an erasure was cut short; ask for it again to have the rest of it erased', { erasures })
  const providers = await settleReclassifications(client, retention)
  if (providers.length > 0)
    notice('a reclassification was cut short; ask for it again to have the rest of it done', { providers })
}
