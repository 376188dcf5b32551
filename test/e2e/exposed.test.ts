import { mkdtempSync, rmSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { skipUnlessNothingRuns, telltale } from '../cli/run-cli.ts'
import { startUp } from './up.ts'

const cwd = mkdtempSync(join(tmpdir(), 'telltale-exposed-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

/** An address of this machine that others can reach. */
const outer = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.family === 'IPv4' && !one.internal)?.address

const statusOf = async (url: string, token?: string) =>
  (await fetch(url, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } })).status

test('an address that others reach is refused without a token, with what to do; with one it is served to who has it', async ({
  skip,
}) => {
  await skipUnlessNothingRuns(skip)
  const data = join(cwd, 'guarded')
  const flags = ['--host', '0.0.0.0']
  const refused = await telltale(['up', '--data', data, '--port', '0', '--otlp-port', '0', ...flags], { cwd })
  expect([refused.code, refused.stdout]).toEqual([1, ''])
  const [, command] = /(telltale token create --scope admin --data \S+)/.exec(refused.stderr) ?? []
  expect(refused.stderr).toMatch(/--insecure/)

  const made = await telltale(command.split(' ').slice(1), { cwd })
  expect(made.code).toBe(0)
  const token = made.stdout.trim()

  const up = await startUp(data, { flags })
  try {
    const port = new URL(up.url).port
    for (const host of ['127.0.0.1', ...(outer === undefined ? [] : [outer])]) {
      expect(await statusOf(`http://${host}:${port}/api/v1/codes`)).toBe(401)
      expect(await statusOf(`http://${host}:${port}/api/v1/codes`, token)).toBe(200)
      expect(await statusOf(`http://${host}:${new URL(up.otlpUrl).port}/v1/traces`, token)).toBe(405)
      expect(await statusOf(`http://${host}:${new URL(up.otlpUrl).port}/v1/traces`)).toBe(401)
    }
    expect(up.said()).not.toContain(token)
  } finally {
    await up.stop()
  }
})

test('--insecure serves others without any token', async ({ skip }) => {
  skip(outer === undefined, 'this machine has no address that others reach')
  const up = await startUp(join(cwd, 'insecure'), { flags: ['--host', '0.0.0.0', '--insecure'] })
  try {
    const url = `http://${outer}:${new URL(up.url).port}`
    expect(await statusOf(`${url}/api/v1/codes`)).toBe(200)
    const create = await fetch(`${url}/api/v1/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ scopes: ['admin'] }),
    })
    expect(create.status).toBe(401)
  } finally {
    await up.stop()
  }
})
