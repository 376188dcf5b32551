import type { Notice } from '../../contract/notice.ts'
import { errorOf } from '../../contract/thrown.ts'
import type { Client } from '../client.ts'
import { failedWrites } from '../connect/failed-writes.ts'
import { partsSetAside, type SetAside } from '../connect/set-aside.ts'
import type { InTurn } from '../turns/writers.ts'
import { brokenParts } from './broken-parts.ts'
import { damageText, repair } from './damage.ts'
import type { Retention } from './retention.ts'

export interface Tending {
  /** Parts that the engine could not read and that could not be made good. */
  damage(): SetAside[]
  stop(): Promise<void>
}

/** A person who has moved one away wants to see that it is well again. */
const EVERY_MS = 30_000

/** Looks now and then for parts that the engine set aside, and makes good what can be; and for those that it should have. */
export async function startTending(parts: {
  client: Client
  inTurn: InTurn
  retention: Retention
  notice: Notice
  /** Hears of parts that the engine goes on with though it could not write them. */
  broken: (parts: string[]) => void
}): Promise<Tending> {
  const { client, inTurn, retention, notice } = parts
  let left: SetAside[] = []
  let told = ''
  let failed = 0

  async function lookForBroken(): Promise<void> {
    const now = await failedWrites(client.query)
    if (now === failed) return
    const broken = await brokenParts(client)
    failed = now
    if (broken.length > 0) parts.broken(broken)
  }

  async function look(): Promise<void> {
    await lookForBroken()
    const found = await partsSetAside(client)
    left = found
    if (found.length > 0) left = await inTurn((alone) => repair(alone, retention, Date.now()))
    const good = found.filter(
      ({ name, table }) => !left.some((one) => one.name === name && one.table === table),
    )
    if (good.length > 0)
      notice('the engine could not read parts of the store; what was in them was made good', {
        parts: good.map(({ path }) => path),
      })
    const text = damageText(left) ?? ''
    if (text !== '' && text !== told) notice(text, { parts: left.map(({ path }) => path) })
    told = text
  }

  let looking: Promise<void> = Promise.resolve()
  const once = () => {
    looking = look().catch((thrown) =>
      notice('parts of the store could not be looked after', { error: errorOf(thrown) }),
    )
    return looking
  }
  await once()
  const timer = setInterval(once, EVERY_MS)
  return {
    damage: () => left,
    async stop() {
      clearInterval(timer)
      await looking
    },
  }
}
