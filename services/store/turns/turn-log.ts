import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from '../client.ts'

// Whose turn it is, as a list that only grows. The next row's number is also the token it is inserted under, and the
// engine takes a token once: of several that write the next row, one does. That is all the agreement that is needed,
// and it works wherever inserts are deduplicated.

interface Newest {
  turn: number
  /** Empty: nobody's. */
  holder: string
  silentMs: number
}

/** Who has not written for so long has died … */
export const SILENT_MS = 30_000
/** … for whoever holds a turn writes that often. */
const RENEW_MS = 5_000
const LOOK_EVERY_MS = 100

/** The newest row, by the store's own clock. */
async function newest(client: Client): Promise<Newest> {
  const [row] = await client.query(
    `SELECT turn, holder, toUnixTimestamp64Milli(now64(3)) - toUnixTimestamp64Milli(at) AS silent
     FROM upkeep_turns ORDER BY turn DESC, at LIMIT 1`,
  )
  return row === undefined
    ? { turn: 0, holder: '', silentMs: 0 }
    : { turn: Number(row.turn), holder: String(row.holder), silentMs: Number(row.silent) }
}

/** Writes the row after `turn`, unless somebody else has; answers whether it is ours and still the newest. */
async function write(client: Client, turn: number, holder: string): Promise<boolean> {
  const next = turn + 1
  await client.command(
    `INSERT INTO upkeep_turns SETTINGS async_insert = 0, insert_deduplicate = 1, insert_deduplication_token = 'turn:${next}'
     SELECT ${next}, '${holder}', now64(3)`,
  )
  const now = await newest(client)
  return now.turn === next && now.holder === holder
}

export interface HeldTurn {
  /** Fails when it has been taken away. */
  stillOurs(): Promise<void>
  /** What was done in it stays done even if this fails: then others take the silent turn over. */
  end(): Promise<void>
}

/** Waits for a turn and takes it; it is kept by writing on. Takes it over from a holder that is silent. */
export async function takeTurn(client: Client, holder: string, silentMs: number): Promise<HeldTurn> {
  for (;;) {
    const now = await newest(client)
    if (now.holder === '' || now.silentMs > silentMs) {
      if (await write(client, now.turn, holder)) break
    } else await delay(LOOK_EVERY_MS)
  }
  const stillOurs = async () => {
    const now = await newest(client)
    if (now.holder !== holder)
      throw new Error('the turn to move rows was taken over by another process, for this one was silent')
    return now.turn
  }
  let renewing: Promise<unknown> = Promise.resolve()
  const renew = () => {
    // What goes wrong with it shows in the next look.
    renewing = stillOurs()
      .then((turn) => write(client, turn, holder))
      .catch(() => {})
  }
  const timer = setInterval(renew, RENEW_MS)
  return {
    stillOurs: async () => void (await stillOurs()),
    async end() {
      clearInterval(timer)
      await renewing
      await stillOurs()
        .then((turn) => write(client, turn, ''))
        .catch(() => {})
    },
  }
}

/** Waits until it is nobody's turn; false when somebody holds it still, or holds it silently. */
export async function turnEnded(
  client: Client,
  silentMs: number,
  patienceMs: number,
): Promise<'ended' | 'silent' | 'held'> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const now = await newest(client)
    if (now.holder === '') return 'ended'
    if (now.silentMs > silentMs) return 'silent'
    if (performance.now() > deadline) return 'held'
    await delay(LOOK_EVERY_MS)
  }
}
