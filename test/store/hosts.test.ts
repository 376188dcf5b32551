import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { checkClock } from '../../services/cli/doctor/clock.ts'
import { startProblem } from '../../services/cli/start-problem.ts'
import { type Config, loadConfig } from '../../services/config.ts'
import { connectRemote, type RemoteOptions } from '../../services/store/connect/remote.ts'
import { canSign, selfSigned } from '../access/self-signed.ts'
import { startAddress } from './address.ts'
import { startOtherServer } from './other-server.ts'
import { SERVER, startServer } from './server.ts'

const server = await startServer()
afterAll(() => server.close())

/** Why it does not connect, as `up` says it. */
async function problemOf(options: Partial<RemoteOptions>): Promise<string> {
  const clickhouse: RemoteOptions = { ...server, ...options }
  try {
    await (await connectRemote(clickhouse)).close()
  } catch (error) {
    const { config } = loadConfig({ env: {} })
    return startProblem(error, { ...config, clickhouse } as Config)
  }
  return 'none'
}

describe(`several addresses of ${SERVER}`, () => {
  test('are used one after the other as they fail, and come back', async () => {
    const [first, second] = [await startAddress(server.url), await startAddress(server.url)]
    const client = await connectRemote({ ...server, url: `${first.url},${second.url}` })
    const statements = async (sql: string) => client.query(`SELECT '${sql}' AS sql`)
    try {
      await statements('to the first')
      expect(first.statements.join()).toContain('to the first')
      expect(second.statements.join()).not.toContain('to the first')

      await first.close()
      expect(await statements('to the second')).toEqual([{ sql: 'to the second' }])
      await client.command('CREATE TABLE moved (n UInt8) ENGINE = MergeTree ORDER BY n')

      // One that only just failed is asked when there is no other.
      const { port } = new URL(first.url)
      const again = await startAddress(server.url, { port: Number(port) })
      await second.close()
      expect(await statements('to the first again')).toEqual([{ sql: 'to the first again' }])
      await again.close()
      await expect(statements('to nobody')).rejects.toThrow()
    } finally {
      await client.close()
    }
  })

  test('a question that broke off is asked at the next one; a statement is not, for who knows what became of it', async () => {
    const [first, second] = [await startAddress(server.url), await startAddress(server.url)]
    const client = await connectRemote({ ...server, url: `${first.url},${second.url}` })
    try {
      first.breakNext()
      expect(await client.query('SELECT 1 AS n')).toEqual([{ n: 1 }])
      second.breakNext()
      await expect(
        client.command('CREATE TABLE once (n UInt8) ENGINE = MergeTree ORDER BY n'),
      ).rejects.toThrow()
      await client.command('CREATE TABLE once (n UInt8) ENGINE = MergeTree ORDER BY n')
    } finally {
      await client.close()
      await first.close()
      await second.close()
    }
  })

  test('one of which is not there at the start is no reason not to start', async () => {
    const gone = await startAddress(server.url)
    await gone.close()
    expect(await problemOf({ url: `${gone.url},${server.url}` })).toBe('none')
  })

  test('one of which is another server are refused, also when that comes later', async () => {
    const other = await startOtherServer({})
    expect(await problemOf({ url: `${server.url},${other.url}` })).toMatch(/are different ClickHouse servers/)
    const [first, later] = [await startAddress(server.url), await startAddress(other.url)]
    await later.close()
    const client = await connectRemote({ ...server, url: `${first.url},${later.url}` })
    await first.close()
    const back = await startAddress(other.url, { port: Number(new URL(later.url).port) })
    await expect(client.query('SELECT 1 AS n')).rejects.toThrow(/different ClickHouse servers/)
    await client.close()
    await back.close()
    await other.close()
  })
})

describe('a server that cannot be used says why, and what to do', () => {
  test.each([
    ['is too old', { version: '23.3.1.2823' }, /is 23\.3\.1\.2823; telltale needs 24\.8 or newer/],
    ['lets its user only read', { readonly: '1' }, /may only read/],
    [
      'refuses the password',
      {
        code: 516,
        message:
          'telltale: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)',
      },
      /Authentication failed.*check TELLTALE_CLICKHOUSE_USER and TELLTALE_CLICKHOUSE_PASSWORD/s,
    ],
    [
      'lacks a privilege',
      {
        code: 497,
        message:
          "telltale: Not enough privileges. To execute this query, it's necessary to have the grant CREATE DATABASE ON shop.* (ACCESS_DENIED)",
      },
      /CREATE DATABASE ON shop.*grant what is missing/s,
    ],
  ])('%s', async (_what, says, expected) => {
    const other = await startOtherServer(says)
    expect(await problemOf({ url: other.url })).toMatch(expected)
    await other.close()
  })

  test('is not there', async () => {
    const gone = await startAddress(server.url)
    await gone.close()
    expect(await problemOf({ url: gone.url })).toMatch(/does not answer \(ECONNREFUSED\)/)
  })
})

test('a certificate of an authority of its own has to be named', async ({ skip }) => {
  skip(!canSign, 'needs openssl')
  const directory = mkdtempSync(join(tmpdir(), 'telltale-ca-'))
  const { cert, key } = selfSigned(directory)
  const address = await startAddress(server.url, {
    tls: { cert: readFileSync(cert), key: readFileSync(key) },
  })
  expect(await problemOf({ url: address.url })).toMatch(/is not trusted .* in TELLTALE_CLICKHOUSE_CA/)
  expect(await problemOf({ url: address.url, ca: join(directory, 'none.pem') })).toMatch(
    /clickhouse\.ca: ENOENT/,
  )
  expect(await problemOf({ url: address.url, ca: cert })).toBe('none')
  await address.close()
  rmSync(directory, { recursive: true })
})

test('doctor finds its clock at the first of several addresses that answers', async () => {
  const { config } = loadConfig({ env: {} })
  const [gone, address] = [await startAddress(server.url), await startAddress(server.url)]
  await gone.close()
  const clickhouse = { ...server, url: `${gone.url},${address.url}` }
  const [finding] = await checkClock({ ...config, clickhouse }, null, null)
  expect(finding).toMatchObject({ status: 'ok', found: expect.stringContaining(`as at ${address.url}`) })
  await address.close()
})
