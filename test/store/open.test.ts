import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openStore } from '../../services/store/connect/open.ts'

const directory = mkdtempSync(join(tmpdir(), "telltale o'pen-"))
const options = (data = directory) => ({
  data,
  memoryBytes: 700_000_000,
  clickhouse: { database: 'telltale', user: '', password: '' },
})
const store = await openStore(options())
afterAll(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})
const openElsewhere = (data: string) =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'held.ts'), data], { encoding: 'utf8' }).stdout

describe('the embedded store', () => {
  test('belongs to one process, and says to which', () => {
    const answer = openElsewhere(directory)
    expect(answer).toContain('store_locked')
    expect(answer).toContain(String(process.pid))
  })

  test('says so when it cannot be opened for another reason', () => {
    const broken = mkdtempSync(join(tmpdir(), 'telltale-broken-'))
    mkdirSync(join(broken, 'store', 'status'), { recursive: true })
    expect(openElsewhere(broken)).toContain('store_unusable')
    rmSync(broken, { recursive: true })
  })

  test('has its memory bounded and keeps no logs of its own', async () => {
    const [limit] = await store.reader.query(
      "SELECT value FROM system.server_settings WHERE name = 'max_server_memory_usage'",
    )
    expect(Number(limit!.value)).toBe(700_000_000)
    const logs = await store.reader.query(
      "SELECT name FROM system.tables WHERE database = 'system' AND name LIKE '%\\_log'",
    )
    expect(logs).toEqual([])
  })

  test('answers several at a time while it writes', async () => {
    await store.writer.command('CREATE TABLE numbers_of_test (n UInt64) ENGINE = MergeTree ORDER BY n')
    const writing = store.writer.command('INSERT INTO numbers_of_test SELECT number FROM numbers(3000000)')
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => store.reader.query('SELECT {n:UInt64} AS n', { n })),
    )
    expect(answers).toEqual(Array.from({ length: 12 }, (_, n) => [{ n }]))
    await writing
  })
})
