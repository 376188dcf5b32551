import type { Notice } from '../../contract/notice.ts'
import { DiskFull } from '../connect/disk-room.ts'
import type { TurnClient } from '../turns/writers.ts'
import { settleErasures } from './erase.ts'
import { settleReclassifications } from './reclassify.ts'
import type { Retention } from './retention.ts'
import type { Unsettled } from './unsettled.ts'

/** What a kill cut short of what was done to rows on purpose, put right before anything is mended. */
export async function settleAtStart(
  client: TurnClient,
  retention: Retention,
  unsettled: Unsettled,
  notice: Notice,
): Promise<void> {
  try {
    await settle(client, retention, notice)
  } catch (error) {
    // A store on a full disk opens: what is in it can be asked for, and what is old can go.
    if (!(error instanceof DiskFull)) throw error
    unsettled.owe('erasures', 'reclassifications')
    notice('what was cut short is put right when there is room on the disk', { error })
  }
}

async function settle(client: TurnClient, retention: Retention, notice: Notice): Promise<void> {
  const erasures = await settleErasures(client)
  if (erasures.length > 0)
    notice('an erasure was cut short; ask for it again to have the rest of it erased', { erasures })
  const providers = await settleReclassifications(client, retention)
  if (providers.length > 0)
    notice('a reclassification was cut short; ask for it again to have the rest of it done', { providers })
}
