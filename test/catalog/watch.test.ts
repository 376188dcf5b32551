import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test, vi } from 'vitest'
import { watchCatalogs } from '../../services/catalog/watch.ts'

const root = mkdtempSync(join(tmpdir(), 'telltale-watch-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const WAIT = { timeout: 15_000 }
const withCodes = (...codes: string[]) =>
  `provider: shop\ncodes:\n${codes.map((code) => `  - { code: ${code} }\n`).join('')}`

async function watched() {
  const directory = mkdtempSync(join(root, 'catalogs-'))
  const put = (name: string, text: string) => writeFileSync(join(directory, name), text)
  put('shop.yaml', withCodes('A'))
  const notices: [string, Record<string, unknown>][] = []
  const catalogs = await watchCatalogs([directory], (...notice) => notices.push(notice), 5)
  onTestFinished(() => catalogs.close())
  const standing = (code: string, provider = 'shop') =>
    catalogs.current().verdict(provider, code, 500).standing
  return { directory, put, notices, catalogs, standing }
}

test('a changed, a new and a removed file', async () => {
  const { directory, put, notices, catalogs, standing } = await watched()
  const before = catalogs.current()
  expect([standing('A'), standing('B')]).toEqual(['known', 'unknown'])
  put('shop.yaml', withCodes('A', 'B'))
  await vi.waitFor(() => expect(standing('B')).toBe('known'), WAIT)
  expect(before.verdict('shop', 'B', 500).standing).toBe('unknown')
  expect(notices).toEqual([['the catalogs were read again', { catalogs: 7, codes: expect.any(Number) }]])

  put('other.yml', 'provider: other\ncodes: [{ code: C }]\n')
  await vi.waitFor(() => expect(standing('C', 'other')).toBe('known'), WAIT)
  rmSync(join(directory, 'other.yml'))
  await vi.waitFor(() => expect(standing('C', 'other')).toBe('unknown'), WAIT)

  // As editors and mounted volumes do it.
  put('.next', withCodes('D'))
  renameSync(join(directory, '.next'), join(directory, 'shop.yaml'))
  await vi.waitFor(() => expect(standing('D')).toBe('known'), WAIT)
})

test('a broken file keeps what was known, and is told of once, with file and line', async () => {
  const { directory, put, notices, standing } = await watched()
  put('shop.yaml', 'provider: shop\ncodes:\n  - { code: A, retry: perhaps }\n')
  put('fine.yaml', 'provider: fine\ncodes: [{ code: X }]\n')
  await vi.waitFor(() => expect(notices.length).toBeGreaterThan(0), WAIT)
  expect(notices[0]).toEqual([
    'the catalogs have changed and have problems; those before stay',
    { problems: [expect.stringContaining(`${join(directory, 'shop.yaml')}:3: codes[0].retry: `)] },
  ])
  expect([standing('A'), standing('X', 'fine')]).toEqual(['known', 'unknown'])

  put('shop.yaml', withCodes('A', 'B'))
  await vi.waitFor(() => expect(standing('B')).toBe('known'), WAIT)
  expect(standing('X', 'fine')).toBe('known')
  expect(notices.filter(([message]) => message.includes('problems'))).toHaveLength(1)
})

test('a directory that goes away keeps what was known', async () => {
  const { directory, notices, standing } = await watched()
  rmSync(directory, { recursive: true })
  await vi.waitFor(() => expect(notices).toHaveLength(1), WAIT)
  expect(notices[0]?.[1].problems).toEqual([expect.stringMatching(/cannot read the directory of catalogs/)])
  expect(standing('A')).toBe('known')
})

test('catalogs that are broken at the start are no start', async () => {
  const directory = mkdtempSync(join(root, 'broken-'))
  writeFileSync(join(directory, 'shop.yaml'), 'provider: [\n')
  await expect(watchCatalogs([directory], () => {})).rejects.toThrow(
    /the catalogs have problems:\n {2}\S+shop\.yaml:\d/,
  )
})
