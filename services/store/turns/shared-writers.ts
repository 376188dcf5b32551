import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { errorOf } from '../../contract/thrown.ts'
import type { Client } from '../client.ts'
import { errorCodeOf } from '../problem.ts'
import { quoted } from '../quoted.ts'
import { gate } from './gate.ts'
import { SILENT_MS, takeTurn, turnEnded } from './turn-log.ts'
import type { Guard, Writers } from './writers.ts'

// Processes that write into one database, any of which may die, hang or wake up late at any point, and none of which
// the others can ask. So the server is made to refuse what comes at the wrong time:
//
// An insert carries its condition: nobody's turn, and its origin still claimed by whoever sent it. The server enters a
// statement in its list of processes before it evaluates any condition. Whoever takes a turn writes that down first and
// looks at that list then. So an insert is either in the list, and waited for, or it has yet to evaluate its condition,
// and is refused. No clock is in it, and no answer of anybody.
//
// A turn moves rows by building a day beside a table and putting it in its place. The table beside has a name of its
// turn, and whoever takes a turn over removes such tables first: what a holder that had been given up does later finds
// its tables gone. Where it changes rows in their place, or notes down what it does, the statement carries its condition
// as inserts do (`fence`): the turn is still its own.

export interface SharedClient extends Client {
  /** The same connections; the server's list of processes shows each statement under that comment. */
  commented(comment: string): Client
}

/** FUNCTION_THROW_IF_VALUE_IS_NON_ZERO: a condition of ours failed, before any row was read. */
const REFUSED = '395'
const COMMENT = 'telltale'
/** An insert or a statement of an earlier turn takes seconds; the longest request may take a minute. */
const PATIENCE_MS = 120_000
const LOOK_EVERY_MS = 20

export function sharedWriters(client: SharedClient, silentMs = SILENT_MS): Writers {
  const process = randomUUID().slice(0, 8)
  const { shared, alone } = gate()
  const claims = new Map<string, string>()
  let made = 0

  async function claim(origin: string): Promise<void> {
    const owner = `${process}_${++made}`
    await client.command(
      `INSERT INTO origin_claims SELECT '${quoted(origin)}', (SELECT max(claim) FROM origin_claims WHERE origin = '${quoted(origin)}') + 1, '${owner}', now64(3)`,
    )
    claims.set(origin, owner)
  }

  /** While a turn is ours: nothing of anybody else is under way, nor will be. */
  async function turn<T>(
    work: (of: { client: Client; tag: string; stillOurs: () => Promise<void> }) => Promise<T>,
  ) {
    const tag = `${process}_${++made}`
    const comment = `${COMMENT} turn ${tag}`
    const held = await takeTurn(client, tag, silentMs)
    try {
      await othersDone(client, comment)
      await dropTablesBeside(client)
      return await work({ client: client.commented(comment), tag, stillOurs: held.stillOurs })
    } finally {
      await held.end()
    }
  }

  return {
    claim,
    inTurn: (work) =>
      alone(() =>
        turn(({ client, tag, stillOurs }) =>
          work({
            ...client,
            tag: `rebuilt_${tag}`,
            stillOurs,
            fence: fenceOf(tag),
            requireRoom: async () => {},
            partsSetAside: async () => [],
          }),
        ),
      ),
    inserting: (origin, insert) =>
      shared(async () => {
        try {
          for (;;) {
            if (!claims.has(origin)) await claim(origin)
            const outcome = await insert(guardOf(origin, claims.get(origin)!))
            if (outcome.status === 'done' || errorCodeOf(outcome.error) !== REFUSED) return outcome
            if (!(await isClaimed(client, origin, claims.get(origin)!))) {
              claims.delete(origin)
              return { status: 'retry', error: new Error(`another process inserts ${origin}`) }
            }
            const came = await turnEnded(client, silentMs, PATIENCE_MS)
            if (came === 'held')
              return { status: 'retry', error: new Error('another process has been moving rows for long') }
            // Its holder has died: what it left is cleared away by whoever takes the turn next.
            if (came === 'silent') await turn(async () => {})
          }
        } catch (thrown) {
          return { status: 'retry', error: errorOf(thrown) }
        }
      }),
  }
}

const OWNER = (origin: string) =>
  `(SELECT argMax(owner, (claim, owner)) FROM origin_claims WHERE origin = '${quoted(origin)}')`

const fenceOf = (tag: string): string =>
  `(SELECT throwIf(argMax(holder, turn) != '${tag}', 'the turn to move rows was taken over by another process, for this one was silent') FROM upkeep_turns) = 0`

const guardOf = (origin: string, owner: string): Guard => ({
  settings: `, log_comment = '${COMMENT} insert'`,
  condition:
    `throwIf((SELECT argMax(holder, turn) FROM upkeep_turns) != '', 'rows are being moved') = 0 AND ` +
    `throwIf(${OWNER(origin)} != '${owner}', 'another process inserts this origin') = 0`,
})

async function isClaimed(client: Client, origin: string, owner: string): Promise<boolean> {
  const [row] = await client.query(`SELECT ${OWNER(origin)} AS owner`)
  return row?.owner === owner
}

/** What is under way now, to its end; what begins from now on is refused or harmless. */
async function othersDone(client: Client, own: string): Promise<void> {
  const ids = async (condition: string) => {
    const rows = await client.query(
      `SELECT query_id AS id FROM system.processes WHERE current_database = currentDatabase()
       AND startsWith(Settings['log_comment'], '${COMMENT} ') AND Settings['log_comment'] != '${own}' ${condition}`,
    )
    return rows.map(({ id }) => `'${quoted(String(id))}'`)
  }
  const deadline = performance.now() + PATIENCE_MS
  for (let left = await ids(''); left.length > 0; left = await ids(`AND query_id IN (${left.join(', ')})`)) {
    if (performance.now() > deadline) throw new Error('an insert of another process does not come to its end')
    await delay(LOOK_EVERY_MS)
  }
}

/** Of turns that did not come to their end. */
async function dropTablesBeside(client: Client): Promise<void> {
  const tables = await client.query(
    `SELECT name FROM system.tables WHERE database = currentDatabase() AND match(name, '_rebuilt(_|$)')`,
  )
  for (const { name } of tables) await client.command(`DROP TABLE IF EXISTS ${String(name)} SYNC`)
}
