import { setTimeout as delay } from 'node:timers/promises'
import type { TurnClient } from './writers.ts'

/**
 * Of a deletion or an update, which the engine does in its own time: not waited for, on a full disk it would never come
 * back; and a fence is decided once, when it is taken, or a change that was would fail for ever once the turn is over.
 */
export const IN_ITS_OWN_TIME = 'mutations_sync = 0, mutations_execute_subqueries_on_initiator = 1'

/** Small days are through in a few milliseconds, large ones take seconds, and each look costs as much as a question. */
const FIRST_LOOK_MS = 5
const LATER = 1.5
const LONGEST_WAIT_MS = 200
const PATIENCE_MS = 60_000

const PENDING = 'FROM system.mutations WHERE database = currentDatabase() AND NOT is_done'
const LARGEST_TO_DO = `SELECT max(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = currentDatabase()
  AND (table, name) IN (SELECT table, arrayJoin(parts_to_do_names) ${PENDING})`
/** The engine begins with a part only where there is room for it and a tenth more. */
const TO_BEGIN = 1.1

/**
 * A deletion that a kill cut short goes on by itself in the next process, and until it is through no count holds.
 * Fails at once where the disk has no room for it.
 */
export async function deletionsDone(
  client: Pick<TurnClient, 'query' | 'requireRoom'>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const deadline = Date.now() + patienceMs
  let wait = FIRST_LOOK_MS
  for (;;) {
    const [pending] = await client.query(`SELECT count() AS n ${PENDING}`)
    if (Number(pending?.n) === 0) return
    const [largest] = await client.query(LARGEST_TO_DO)
    await client.requireRoom(Math.ceil(TO_BEGIN * Number(largest?.bytes ?? 0)))
    if (Date.now() > deadline) throw new Error('an earlier deletion in the store does not come to its end')
    await delay(wait)
    wait = Math.min(LATER * wait, LONGEST_WAIT_MS)
  }
}
