import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Block } from '../../services/consumer/block.ts'
import { blockStore } from '../../services/store/blocks/block-store.ts'
import { connectRemote } from '../../services/store/connect/remote.ts'
import { migrate } from '../../services/store/migrate.ts'
import { deletionsDone } from '../../services/store/turns/deletions-done.ts'
import { sharedWriters } from '../../services/store/turns/shared-writers.ts'
import { erase, settleErasures } from '../../services/store/upkeep/erase.ts'
import { reclassify, settleReclassifications } from '../../services/store/upkeep/reclassify.ts'
import { blockOf, SMALL } from './block-of.ts'
import { ledgerMustBe, ledgerOf } from './ledger.ts'
import { pausable } from './pausable.ts'
import { SERVER, startServer } from './server.ts'
import { checkOf, KEEP } from './temp-store.ts'

// Several processes on one database, of which one stands still at the worst moment.

const server = await startServer()
const blocks: Block[] = []

async function writer(silentMs?: number) {
  const remote = await connectRemote(server)
  const { client, pauseAt, goOn, says } = pausable(remote)
  const writers = sharedWriters(client, silentMs)
  const store = blockStore(client, KEEP, () => {}, writers)
  return {
    client,
    writers,
    pauseAt,
    goOn,
    says,
    close: () => remote.close(),
    async insert(block: Block) {
      const { origin, first, end, tables } = block
      const statuses = []
      for (const table of tables)
        statuses.push(await store.insert(table, block.native(table), `${origin}:${first}-${end}:${table}`))
      return statuses.find(({ status }) => status !== 'done') ?? { status: 'done' }
    },
    mend: (block: Block) => store.mend(checkOf(block)),
  }
}
const a = await writer()
const b = await writer()
/** Takes a holder for dead that was silent for a second. */
const impatient = await writer(1_000)
afterAll(async () => {
  await Promise.all([a, b, impatient].map(({ close }) => close()))
  await server.close()
})

const BESIDE =
  "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE '%\\_rebuilt%'"
const DONE = { status: 'done' }
let seed = 0
/** A block of one origin, and that it must be in the store from now on. */
const next = (origin: string): Block => {
  const block = blockOf(origin, seed, [{ ...SMALL, seed: ++seed }])
  blocks.push(block)
  return block
}
const exact = async () =>
  expect(await ledgerOf(b.client.query)).toEqual(await ledgerMustBe(b.client.query, blocks))
const damage = () => b.client.command('TRUNCATE TABLE errors_by_hour')
beforeAll(async () => {
  await Promise.all([migrate(a.client), migrate(b.client)])
  expect(await a.insert(next('a'))).toEqual(DONE)
  expect(await b.insert(next('b'))).toEqual(DONE)
  await exact()
})

describe(`two writers on ${SERVER}`, { timeout: 120_000 }, () => {
  test('an insert waits while another one builds a day anew, and is in it afterwards', async () => {
    const doubtful = next('b')
    expect(await b.insert(doubtful)).toEqual(DONE)
    await damage()
    const standing = b.pauseAt(/^ALTER TABLE errors_by_hour REPLACE/)
    const mended = b.mend(doubtful)
    await standing
    const waits = a.says(/FROM upkeep_turns/).then(() => 'it waits')
    const inserted = a.insert(next('a'))
    expect(await Promise.race([inserted, waits])).toBe('it waits')
    b.goOn()
    expect(await mended).toEqual(DONE)
    expect(await inserted).toEqual(DONE)
    await exact()
  })

  test('a turn begins when what is under way elsewhere has ended', async () => {
    const slow = a.client.command(
      `INSERT INTO origin_claims SELECT 'slow', number, toString(sleepEachRow(0.2)), now64(3) FROM numbers(5)
       SETTINGS log_comment = 'telltale insert', max_block_size = 1`,
    )
    const underWay = () =>
      b.client.query("SELECT 1 FROM system.processes WHERE Settings['log_comment'] = 'telltale insert'")
    await expect.poll(underWay, { interval: 10, timeout: 10_000 }).not.toEqual([])
    const rows = await b.writers.inTurn((alone) =>
      alone.query("SELECT count() AS n FROM origin_claims WHERE origin = 'slow'"),
    )
    expect(rows).toEqual([{ n: 5 }])
    await slow
  })

  test('an insert that comes late, when its range was looked at by another process, is refused', async () => {
    const block = next('moving')
    const standing = a.pauseAt(/^INSERT INTO errors /)
    const late = a.insert(block)
    await standing
    expect(await b.insert(block)).toEqual(DONE)
    await damage()
    expect(await b.mend(block)).toEqual(DONE)
    await exact()
    a.goOn()
    expect(await late).toMatchObject({
      status: 'retry',
      error: { message: expect.stringContaining('moving') },
    })
    await exact()
    // Whoever still has a right to it claims it anew, and looks again.
    expect(await a.insert(block)).toEqual(DONE)
    expect(await a.mend(block)).toEqual(DONE)
    await exact()
  })

  test.each([
    ['about to put a day in its place', /^ALTER TABLE errors_by_hour REPLACE/],
    ['about to put rows in their place', /^ALTER TABLE errors REPLACE/],
    ['about to delete beside', /^ALTER TABLE errors_rebuilt_\w+ DELETE/],
    ['about to make a table beside', /^CREATE TABLE errors_by_hour_rebuilt/],
    ['about to end its turn', /^DROP TABLE codes_rebuilt/],
  ])('the turn of one that fell silent is taken over, and it does no harm: %s', async (_when, statement) => {
    const doubtful = next(`silent-${seed}`)
    expect(await a.insert(doubtful)).toEqual(DONE)
    // Doubled in the rows, lost in the counts.
    await b.client.command(`INSERT INTO errors SELECT * FROM errors WHERE origin = '${doubtful.origin}'`)
    await b.client.command('TRUNCATE TABLE codes')
    await damage()
    const standing = a.pauseAt(statement)
    const given = a.mend(doubtful)
    await standing
    // Nobody asks for a turn, but an insert must not wait for ever.
    expect(await impatient.insert(next('b'))).toEqual(DONE)
    expect(await impatient.mend(doubtful)).toEqual(DONE)
    a.goOn()
    await given
    await exact()
  })

  test.each([
    ['the counts that an erasure keeps', /^INSERT INTO errors_erased/],
    ['the records that it writes down', /^INSERT INTO erased_records/],
    ['its deletion', /^ALTER TABLE attempts DELETE/],
  ])('what hangs on its way while its turn is taken over is refused: %s', async (_what, statement) => {
    const standing = a.pauseAt(statement)
    const erasing = erase(a.client, { kind: 'consumer', value: 'acct_1' }, a.writers.inTurn)
    await standing
    expect((await impatient.writers.inTurn(settleErasures)).length).toBe(1)
    a.goOn()
    await expect(erasing).rejects.toThrow('taken over')
    await deletionsDone({ ...b.client, requireRoom: async () => {} })
    const [left] = await b.client.query(
      `SELECT (SELECT count() FROM errors) + (SELECT sum(count) FROM errors_erased) AS errors, (SELECT sum(count) FROM errors_by_hour) AS counted,
         (SELECT count() FROM attempts WHERE consumer = 'acct_1') AS attempts`,
    )
    expect(left!.errors).toEqual(left!.counted)
    expect(Number(left!.attempts)).toBeGreaterThan(0)
    const unfounded = await b.client.query(
      "SELECT erasure FROM erased_records WHERE source = 'attempts' UNION ALL SELECT erasure FROM erased_records WHERE source = 'errors' AND erasure NOT IN (SELECT erasure FROM errors_erased)",
    )
    expect(unfounded).toEqual([])
  })

  test('what hangs on its way while its turn is taken over is refused: new verdicts', async () => {
    const standing = a.pauseAt(/^ALTER TABLE errors UPDATE/)
    const what = {
      provider: 'shop',
      from: new Date('2026-11-20T00:00:00Z'),
      verdict: () => ({ retry: 'later', retryable: true, standing: 'known', class: 'internal' }) as const,
    }
    const changing = reclassify(a.client, what, KEEP, a.writers.inTurn)
    await standing
    expect(await impatient.writers.inTurn((alone) => settleReclassifications(alone, KEEP))).toEqual(['shop'])
    a.goOn()
    await expect(changing).rejects.toThrow('taken over')
    await deletionsDone({ ...b.client, requireRoom: async () => {} })
    expect(await b.client.query("SELECT count() AS n FROM errors WHERE retry = 'later'")).toEqual([{ n: 0 }])
  })

  test('of many that want a turn at once, each has one, alone', async () => {
    let inside = 0
    const took: string[] = []
    const take = (who: string, { writers }: typeof a) =>
      writers.inTurn(async ({ stillOurs }) => {
        expect(++inside).toBe(1)
        took.push(who)
        await stillOurs()
        inside--
      })
    await Promise.all(['a1', 'b1', 'a2', 'b2'].map((who) => take(who, who.startsWith('a') ? a : b)))
    expect(took.sort()).toEqual(['a1', 'a2', 'b1', 'b2'])
    // Nor is anything left beside the tables of those that fell silent.
    expect(await a.client.query(BESIDE)).toEqual([])
  })
})
