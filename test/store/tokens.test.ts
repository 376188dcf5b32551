import { afterAll, expect, test } from 'vitest'
import { allTokens, noteTokenUse, putToken } from '../../services/store/queries/tokens.ts'
import { temporaryStore } from './temp-store.ts'

const store = await temporaryStore()
const { client } = store
afterAll(async () => {
  await store.close()
  store.remove()
})

const token = (id: string, createdAt: string) => ({
  id,
  name: `it's; DROP TABLE tokens\n\n--\\`,
  scopes: ['read' as const, 'ingest' as const],
  hash: 'ab'.repeat(32),
  created_at: createdAt,
  expires_at: null,
  revoked_at: null,
  last_used_at: null,
})

test('tokens come back as they were put, the newest first', async () => {
  const older = token('tok_1', '2026-11-20T10:00:00.123Z')
  const newer = { ...token('tok_2', '2026-11-21T10:00:00.000Z'), expires_at: '2027-01-01T00:00:00.500Z' }
  await putToken(client.command, older)
  await putToken(client.command, newer)
  expect(await allTokens(client.query)).toEqual([newer, older])
})

test('a revoked token stays revoked, whatever is written of it afterwards', async () => {
  const row = token('tok_3', '2026-11-19T10:00:00.000Z')
  const revoked = { ...row, revoked_at: '2026-11-19T11:00:00.000Z' }
  await putToken(client.command, row)
  await putToken(client.command, revoked)
  await putToken(client.command, row)
  await noteTokenUse(client.command, 'tok_3', new Date('2026-11-19T10:30:00.250Z'))
  await noteTokenUse(client.command, 'tok_3', new Date('2026-11-19T10:20:00Z'))
  expect((await allTokens(client.query)).find(({ id }) => id === 'tok_3')).toEqual({
    ...revoked,
    last_used_at: '2026-11-19T10:30:00.250Z',
  })
})

test('what is written of tokens is synced: a revocation outlives the machine', async () => {
  const [{ ddl } = {}] = await client.query(
    "SELECT create_table_query AS ddl FROM system.tables WHERE database = currentDatabase() AND name = 'tokens'",
  )
  expect(ddl).toMatch(/fsync_after_insert = 1.*fsync_part_directory = 1/)
})
