import { randomUUID } from 'node:crypto'
import type { ErrorClass, Retry, Standing } from '../../contract/vocabulary.ts'
import type { Client } from '../client.ts'
import { DiskFull } from '../connect/disk-room.ts'
import { agrees, askingOnce } from '../derived/agrees.ts'
import { dayOf } from '../derived/days.ts'
import { DERIVED } from '../derived/derived.ts'
import { rebuild } from '../derived/rebuild.ts'
import { deletionsDone, IN_ITS_OWN_TIME } from '../turns/deletions-done.ts'
import type { TurnClient } from '../turns/writers.ts'
import { daysText, withAccount } from './account.ts'
import type { Undisturbed } from './erase.ts'
import { keptDays, type Retention } from './retention.ts'

// Rows get today's verdict, and the rollups of their days are built anew from them. A day is one step: it is noted as
// begun, its rows are changed where they lie (a kill cannot stop that: the engine goes on with it at its next start),
// its rollups are put in place one by one, and it is noted as done. A day that is found begun at the next start has its
// rollups built again, so rows and rollups agree whatever was killed when; asking again does what is left.
//
// Days whose rows are gone keep what was counted of them, with the verdict of their time.

export interface Verdict {
  retry: Retry
  retryable: boolean
  standing: Standing
  class: ErrorClass
}

export interface Reclassify {
  provider: string
  from: Date
  /** What the catalogs say now, of a row of that time (Unix ms). */
  verdict: (code: string, status: number, time: number) => Verdict
}

export interface Reclassified {
  id: string
  provider: string
  /** The whole minute of the time that was asked for. */
  from: string
  /** Rows that have another verdict now. */
  rows: number
  days: string[]
  /** Days left as they were, for their rollups count more or less than their rows. */
  left: string[]
}

const MINUTE_MS = 60_000
/** The engine writes four columns of a day's parts anew, and all its rollups are made: some seconds a gigabyte. */
const DAY_PATIENCE_MS = 600_000
/** Of one statement: the engine takes 256 KiB. */
const MOST_CHARACTERS = 100_000

/** Their rollups tell verdicts; the index of ids does not. */
const JUDGED = DERIVED.filter(({ table }) => /^(?:errors|codes)/.test(table))
const TABLES = ['errors', 'errors_erased'] as const
/** In a turn there are no others. */
const CALL_OFF = `KILL MUTATION WHERE database = currentDatabase() AND table IN (${TABLES.map((table) => `'${table}'`).join(', ')}) AND NOT is_done`

export async function reclassify(
  client: Client,
  { provider, from, verdict }: Reclassify,
  retention: Retention,
  undisturbed: Undisturbed,
): Promise<Reclassified> {
  const since = new Date(Math.floor(from.getTime() / MINUTE_MS) * MINUTE_MS)
  const id = randomUUID()
  const done: Reclassified = { id, provider, from: since.toISOString(), rows: 0, days: [], left: [] }
  const some = { provider: hex(provider), since: sql(since) }
  for (const day of await daysOf(client, some)) {
    await undisturbed(async (alone) => {
      const time = Date.parse(day)
      const { oldest } = await keptDays(alone, retention, Date.now())
      if (dayOf(day) < oldest('errors')) return
      const changes = await changesOf(alone, day, some, (code, status) => verdict(code, status, time))
      if (changes.length === 0) return
      if (!(await allAgree(alone, retention, day))) {
        done.left.push(day)
        return
      }
      const note = (state: 'begun' | 'done', version: number) =>
        alone.command(
          `INSERT INTO reclassifications (id, at, provider, since, day, state, version)
           VALUES ('${id}', now64(3), ${some.provider}, '${some.since}', '${day}', '${state}', ${version})`,
        )
      await note('begun', 0)
      try {
        for (const statement of updates(changes, day, some, alone.fence)) await alone.command(statement)
        await deletionsDone(alone, DAY_PATIENCE_MS)
      } catch (error) {
        // On a full disk it would go on for ever; some of the day's rows have their verdict and the others have not.
        if (error instanceof DiskFull) await alone.command(CALL_OFF)
        throw error
      }
      await rebuildDay(alone, retention, day)
      await note('done', 1)
      done.days.push(day)
      done.rows += changes.reduce((sum, { rows }) => sum + rows, 0)
    }).catch((error) => {
      throw withAccount(
        error,
        `Done so far: ${daysText(done.days)}; not done: from ${day} on. Ask again for the rest.`,
      )
    })
  }
  return done
}

/** What a kill cut short: rows and rollups agree again. Answers whose it was; the rest has to be asked for again. */
export async function settleReclassifications(client: TurnClient, retention: Retention): Promise<string[]> {
  const begun = await client.query(
    "SELECT id, provider, toString(day) AS day FROM reclassifications FINAL WHERE state = 'begun' ORDER BY day",
  )
  for (const { id, day } of begun) {
    await rebuildDay(client, retention, String(day))
    await client.command(
      `INSERT INTO reclassifications SELECT id, at, provider, since, day, 'cut_short', 2 FROM reclassifications FINAL
       WHERE id = '${id}' AND day = '${day}'`,
    )
  }
  return [...new Set(begun.map(({ provider }) => String(provider)))]
}

interface Some {
  provider: string
  since: string
}

/** Text of others, as SQL that holds nothing of it but digits. */
const hex = (text: string): string => `unhex('${Buffer.from(text).toString('hex')}')`
const sql = (time: Date): string => time.toISOString().slice(0, 19).replace('T', ' ')

const whose = ({ provider, since }: Some) =>
  `provider = ${provider} AND ts >= toDateTime('${since}', 'UTC') AND code != '_OTHER'`

async function daysOf(client: Client, some: Some): Promise<string[]> {
  const days = await client.query(
    TABLES.map(
      (table) => `SELECT DISTINCT toString(toDate(ts)) AS day FROM ${table} WHERE ${whose(some)}`,
    ).join(' UNION DISTINCT '),
  )
  return days.map(({ day }) => String(day)).sort()
}

interface Change {
  code: string
  status: number
  rows: number
  to: Verdict
}

async function changesOf(
  client: Client,
  day: string,
  some: Some,
  verdict: (code: string, status: number) => Verdict,
): Promise<Change[]> {
  const found = await client.query(
    `SELECT code, status, retry, retryable, standing, class, sum(n) AS rows FROM (${TABLES.map(
      (table) =>
        `SELECT code, status, retry, retryable, standing, class, ${table === 'errors' ? 1 : 0} AS n FROM ${table} WHERE toDate(ts) = '${day}' AND ${whose(some)}`,
    ).join(' UNION ALL ')}) GROUP BY code, status, retry, retryable, standing, class`,
  )
  const changes = new Map<string, Change>()
  for (const row of found) {
    const [code, status] = [String(row.code), Number(row.status)]
    const to = verdict(code, status)
    const { retry, standing, class: errorClass } = to
    if (row.retry === retry && row.standing === standing && row.class === errorClass) continue
    const key = JSON.stringify([code, status])
    const rows = Number(row.rows) + (changes.get(key)?.rows ?? 0)
    changes.set(key, { code, status, rows, to })
  }
  return [...changes.values()]
}

/** One for each verdict and table, or several where that would be too long. They go on together. */
function updates(changes: Change[], day: string, some: Some, fence: string): string[] {
  const byVerdict = Map.groupBy(changes, ({ to }) => `${to.retry} ${to.standing} ${to.class}`)
  return [...byVerdict.values()].flatMap((group) => {
    const { retry, retryable, standing, class: errorClass } = group[0]!.to
    const set = `retry = '${retry}', retryable = ${retryable}, standing = '${standing}', class = '${errorClass}'`
    const pairs = inPieces(group.map(({ code, status }) => `(${hex(code)}, ${status})`))
    return pairs.flatMap((list) =>
      TABLES.map(
        (table) =>
          `ALTER TABLE ${table} UPDATE ${set} IN PARTITION '${day}' WHERE ${whose(some)} AND (code, status) IN (${list}) AND ${fence} SETTINGS ${IN_ITS_OWN_TIME}`,
      ),
    )
  })
}

function inPieces(texts: string[]): string[] {
  const pieces: string[][] = []
  let length = MOST_CHARACTERS
  for (const text of texts) {
    if (length + text.length > MOST_CHARACTERS) {
      pieces.push([])
      length = 0
    }
    pieces.at(-1)!.push(text)
    length += text.length + 2
  }
  return pieces.map((piece) => piece.join(', '))
}

async function rebuildDay(client: TurnClient, retention: Retention, day: string): Promise<void> {
  await deletionsDone(client, DAY_PATIENCE_MS)
  for (const derived of await judgedOn(client, retention, day)) await rebuild(client, derived, day)
}

/** The rollups that still have to have a day, if its rows are still all there. */
async function judgedOn(client: Client, retention: Retention, day: string) {
  const number = dayOf(day)
  const { oldest } = await keptDays(client, retention, Date.now())
  return number < oldest('errors') ? [] : JUDGED.filter(({ table }) => number >= oldest(table))
}

/** Rollups that do not count what the rows do hold something that would be lost in building them anew. */
async function allAgree(client: Client, retention: Retention, day: string): Promise<boolean> {
  const once = askingOnce(client)
  for (const derived of await judgedOn(client, retention, day))
    if (!(await agrees(once, derived, dayOf(day)))) return false
  return true
}
