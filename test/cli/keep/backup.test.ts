import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { telltale } from '../run-cli.ts'

// What a command moves is a path that somebody else has named. Backups of a real instance: housekeeping.test.ts.

const cwd = mkdtempSync(join(tmpdir(), 'telltale-liar-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))
const MADE = { format: 1, database: 'telltale', made_at: '2026-11-21T10:00:00.000Z', rows: { errors: 3 } }

async function backUpFrom(data: unknown, to: string) {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ success: true, data, error: null, meta: {} }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return await telltale(['backup', to, '--url', url], { cwd })
  } finally {
    server.close()
  }
}

describe('telltale backup of a server that names a directory which is not its backup', () => {
  test.each([
    ['without a manifest', undefined, MADE],
    ['with a manifest that is no JSON', '{', MADE],
    ['with the manifest of another backup', { ...MADE, made_at: '2026-11-20T10:00:00.000Z' }, MADE],
    ['with a manifest of something else', { name: 'known to all' }, { name: 'known to all' }],
  ])('%s moves nothing', async (name, manifest, made) => {
    const directory = join(cwd, name)
    const to = join(cwd, `${name}, taken`)
    mkdirSync(directory)
    const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest)
    if (text !== undefined) writeFileSync(join(directory, 'manifest.json'), text)
    writeFileSync(join(directory, 'precious'), 'mine')
    const { code, stdout, stderr } = await backUpFrom({ ...made, directory }, to)
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining('nothing was moved')])
    expect(readdirSync(directory)).toContain('precious')
    expect(existsSync(to)).toBe(false)
  })

  test('that is not here says so, and nothing in it acts on the terminal', async () => {
    const { code, stderr } = await backUpFrom({ ...MADE, directory: '/nowhere/\u001b[2J' }, join(cwd, 'none'))
    expect([code, stderr]).toEqual([1, expect.stringContaining('/nowhere/␛[2J on another machine')])
  })

  test('no directory at all is no backup', async () => {
    const { code, stderr } = await backUpFrom(MADE, join(cwd, 'none'))
    expect([code, stderr]).toEqual([1, expect.stringContaining('nothing was moved')])
  })
})

test('its backup is moved', async () => {
  const directory = join(cwd, 'honest')
  mkdirSync(directory)
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(MADE))
  const { code, stderr } = await backUpFrom({ ...MADE, directory }, join(cwd, 'taken'))
  expect([code, stderr]).toEqual([0, ''])
  expect([existsSync(directory), readdirSync(join(cwd, 'taken'))]).toEqual([false, ['manifest.json']])
})
