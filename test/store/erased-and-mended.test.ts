import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Block } from '../../services/consumer/block.ts'
import { TABLES as TABLES_OF } from '../../services/contract/tables.ts'
import { insertBlock } from '../../services/store/blocks/insert.ts'
import { erase } from '../../services/store/upkeep/erase.ts'
import { blockOf, SMALL } from './block-of.ts'
import { temporaryStore } from './temp-store.ts'

// Somebody is forgotten while a block of another process is in any state that a crash can leave it in, and the block is
// made good afterwards: what was taken stays away, what was not there to be taken is stored, and every count is right.
// All rows happened before the erasure, so no clock can tell one from the other.

const store = await temporaryStore()
const { client, inTurn } = store
afterAll(async () => {
  await store.close()
  store.remove()
})

const TABLES = ['errors', 'attempts', 'quota_samples'] as const
type Table = (typeof TABLES)[number]
beforeAll(async () => {
  for (const table of TABLES) await client.command(`CREATE TABLE only_${table} AS ${table}`)
})
const CONSUMERS = ['acct_1', 'acct_2']

let seed = 0
const made: Block[] = []
/** How many rows of each consumer a block has in a table, asked of tables that only blocks are put in. */
const rowsOf = new Map<string, Map<string, number>>()
async function nextBlock(): Promise<Block> {
  seed += 2
  const content = { ...SMALL, errors: 60, attempts: 30, samples: 30 }
  const block = blockOf('journal', seed, [
    { ...content, seed },
    { ...content, seed: seed + 1 },
  ])
  for (const table of TABLES) {
    const columns = TABLES_OF[table].map(({ name }) => `\`${name}\``).join(', ')
    const structure = TABLES_OF[table].map(({ name, type }) => `\`${name}\` ${type}`).join(', ')
    await client.insert(`INSERT INTO only_${table} (${columns})`, columns, structure, '', block.native(table))
    rowsOf.set(`${table} ${block.first}`, await byConsumer(`only_${table}`, block))
  }
  made.push(block)
  return block
}
async function byConsumer(table: string, { first, end }: Block): Promise<Map<string, number>> {
  const rows = await client.query(
    `SELECT consumer, count() AS n FROM ${table} WHERE origin_offset >= ${first} AND origin_offset < ${end} GROUP BY consumer ORDER BY consumer`,
  )
  return new Map(rows.map(({ consumer, n }) => [String(consumer), Number(n)]))
}

const insert = (block: Block, table: Table | 'traffic', token = `${block.first}-${block.end}`) =>
  insertBlock(client, table, block.native(table), `journal:${token}:${table}`)
const forget = (value: string) => erase(client, { kind: 'consumer', value }, inTurn)
const deliverAgain = async (block: Block) => {
  await store.insert(block)
  await store.mend(block)
}

/** Of all errors that were ever reported, whoever is forgotten. */
async function countsAreRight(): Promise<void> {
  const errors = made.reduce((sum, block) => sum + block.expected('errors').rows, 0)
  const counted: Record<string, number> = {}
  for (const table of ['errors_by_10s', 'errors_by_hour', 'errors_by_day', 'codes', 'codes_by_minute'])
    counted[table] = Number((await client.query(`SELECT sum(count) AS n FROM ${table}`))[0]!.n)
  expect(counted).toEqual(Object.fromEntries(Object.keys(counted).map((table) => [table, errors])))
}
const has = async (table: Table, block: Block, without: string[]) =>
  expect(await byConsumer(table, block), `${table} ${block.first}`).toEqual(
    new Map([...rowsOf.get(`${table} ${block.first}`)!].filter(([consumer]) => !without.includes(consumer))),
  )

describe('a block that was not in the store yet when somebody was forgotten', () => {
  test('is stored whole when it is made good, though all of it happened before', async () => {
    const block = await nextBlock()
    await insert(block, 'traffic')
    await forget('acct_1')
    await store.mend(block)
    for (const table of TABLES) await has(table, block, [])
    await countsAreRight()
  })

  test('loses what was in, and has what was not', async () => {
    const block = await nextBlock()
    await insert(block, 'errors')
    await forget('acct_1')
    await store.mend(block)
    await has('errors', block, ['acct_1'])
    await has('attempts', block, [])
    await has('quota_samples', block, [])
    await countsAreRight()
  })
})

test('an erasure of an older version, which wrote no records down, goes by the time of rows', async () => {
  const block = await nextBlock()
  await insert(block, 'traffic')
  const hash = createHash('sha256').update('old:acct_1').digest('hex')
  const old = async (at: string) => {
    await client.command(`INSERT INTO erasures (id, at, kind, hash, state, rows, version)
      VALUES ('old', '${at}', 'consumer', unhex('${hash}'), 'done', 0, 1)`)
    await store.mend(block)
  }
  // Rows happened on the 20th: all of them before, and none.
  await old('2026-11-21 00:00:00')
  await has('errors', block, ['acct_1'])
  await client.command('TRUNCATE TABLE erasures')
  await old('2026-11-19 22:59:59')
  await has('errors', block, [])
  await client.command('TRUNCATE TABLE erasures')
  await countsAreRight()
})

describe('an old range that is read again on purpose, when its tokens are forgotten', () => {
  let block: Block
  beforeAll(async () => {
    block = await nextBlock()
    await deliverAgain(block)
    await forget('acct_1')
    for (const table of TABLES) await insert(block, table, `again-${block.first}`)
  })
  test('does not bring back who was forgotten', async () => {
    await store.mend(block)
    for (const table of TABLES) await has(table, block, ['acct_1'])
    await countsAreRight()
  })
  test('nor counts them twice, if they are forgotten once more in between', async () => {
    for (const table of TABLES) await insert(block, table, `and-again-${block.first}`)
    await forget('acct_1')
    await store.mend(block)
    for (const table of TABLES) await has(table, block, ['acct_1'])
    await countsAreRight()
  })
})

describe('whatever a crash left of a block, and whoever is forgotten meanwhile', () => {
  type Step =
    | { does: 'insert' | 'replay' | 'lose' | 'double'; table: Table }
    | { does: 'forget'; consumer: string }
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({
      does: fc.constantFrom('insert' as const, 'replay' as const, 'lose' as const, 'double' as const),
      table: fc.constantFrom(...TABLES),
    }),
    fc.record({ does: fc.constant('forget' as const), consumer: fc.constantFrom(...CONSUMERS) }),
  )
  let replays = 0

  test('exactly what was taken is missing', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 5 }), async (steps) => {
        const block = await nextBlock()
        const there = new Map<Table, Set<string>>(TABLES.map((table) => [table, new Set()]))
        const taken = new Map<Table, Set<string>>(TABLES.map((table) => [table, new Set()]))
        const known = new Set<Table>()
        const ofBlock = `origin_offset >= ${block.first} AND origin_offset < ${block.end}`
        for (const one of steps) {
          if (one.does === 'forget') {
            await forget(one.consumer)
            for (const table of TABLES)
              if (there.get(table)!.delete(one.consumer)) taken.get(table)!.add(one.consumer)
            continue
          }
          const { table } = one
          const all = () => there.set(table, new Set(CONSUMERS))
          if (one.does === 'insert') {
            await insert(block, table)
            if (!known.has(table)) all()
            known.add(table)
          } else if (one.does === 'replay') {
            await insert(block, table, `replay-${++replays}`)
            all()
          } else if (one.does === 'lose') {
            await client.command(`ALTER TABLE ${table} DELETE WHERE ${ofBlock} SETTINGS mutations_sync = 2`)
            there.set(table, new Set())
          } else {
            await client.command(
              `INSERT INTO ${table} SETTINGS insert_deduplicate = 0 SELECT * FROM ${table} WHERE ${ofBlock}`,
            )
          }
        }
        await deliverAgain(block)
        for (const table of TABLES) await has(table, block, [...taken.get(table)!])
        await countsAreRight()
      }),
      { numRuns: 3, endOnFailure: true },
    )
  })
})
