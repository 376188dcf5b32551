import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import type { Gaps } from '../../../services/api/gaps.ts'
import { parseCatalog } from '../../../services/catalog/parse.ts'
import { gapsMarkdown } from '../../../services/cli/catalog/gaps-markdown.ts'
import { gapsYaml } from '../../../services/cli/catalog/gaps-yaml.ts'
import { eventually, startUp, type Up } from '../../e2e/up.ts'
import { telltale } from '../run-cli.ts'
import { report } from '../spans.ts'

const cwd = mkdtempSync(join(tmpdir(), 'telltale-gaps-'))
let up: Up
beforeAll(async () => {
  up = await startUp(join(cwd, 'data'))
  await report(up.otlpUrl, [
    { code: 'SHARD_MOVED', status: 503, requestId: 'req_a', service: 'orders' },
    { code: 'RATE_LIMIT_EXCEEDED', status: 503, requestId: 'req_b' },
    { code: 'TEAPOT', status: 418, provider: 'api.tea.example' },
  ])
  await eventually(async () => {
    const answer = (await fetch(`${up.url}/api/v1/catalogs/gaps`).then((response) => response.json())) as {
      data: Gaps
    }
    return answer.data.unknown.length === 2 ? true : undefined
  }, 'the errors in the store')
})
afterAll(async () => {
  await up.stop()
  rmSync(cwd, { recursive: true, force: true })
})

const gaps = (...args: string[]) =>
  telltale(['catalog', 'gaps', ...args], { cwd, env: { TELLTALE_URL: up.url } })

describe('telltale catalog gaps', () => {
  test('is Markdown unless asked otherwise', async () => {
    const { code, stdout, stderr } = await gaps()
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^## Not documented: 2$/m)
    expect(stdout).toMatch(
      /^\| `SHARD_MOVED` \| session-api \| 503 \| 1 \| \S+ \| orders \| `req_a` \| backoff \|$/m,
    )
    expect(stdout).toMatch(/^\| `TEAPOT` \| api\.tea\.example \(no catalog\) \| 418 /m)
    expect(stdout).toMatch(/^\| `RATE_LIMIT_EXCEEDED` \| session-api \| 429 \| 503 \| 1 /m)
    expect(stdout).toMatch(/^## Documented and not seen: \d+$/m)
  })

  test('yaml is entries of a catalog, as they can be put in', async () => {
    const { stdout } = await gaps('--format', 'yaml', '--provider', 'session-api')
    expect(stdout).toContain('# for example req_a')
    const parsed = parseCatalog(stdout, 'patch.yaml')
    if (Array.isArray(parsed)) throw new Error(JSON.stringify(parsed))
    expect(parsed.catalog).toMatchObject({
      provider: 'session-api',
      codes: [
        { code: 'SHARD_MOVED', http: [503], retry: 'backoff', retry_is: 'derived' },
        { code: 'RATE_LIMIT_EXCEEDED', http: [429, 503] },
      ],
    })
    const all = parseAllDocuments((await gaps('--format', 'yaml')).stdout).map((one) => one.toJS())
    expect(all).toMatchObject([
      { provider: 'api-tea-example', match: { hosts: ['api.tea.example'] }, codes: [{ code: 'TEAPOT' }] },
      { provider: 'session-api' },
    ])
    expect((await gaps('--format', 'yaml', '--provider', 'nobody')).stdout).toBe('# nothing to add\n')
  })

  test('json is the answer of the API', async () => {
    for (const flags of [['--json'], ['--format', 'json']])
      expect(JSON.parse((await gaps(...flags)).stdout)).toMatchObject({
        totals: { unknown: 2, mismatched: 1 },
      })
  })

  test('--fail-on makes a build fail', async () => {
    expect(await gaps('--fail-on', 'unknown,mismatched')).toMatchObject({
      code: 1,
      stderr: 'telltale: unknown: 2\ntelltale: mismatched: 1\n',
    })
    expect((await gaps('--fail-on', 'unknown', '--provider', 'wallet-gateway')).code).toBe(0)
    expect((await gaps('--fail-on', 'mismatched', '--service', 'orders')).code).toBe(0)
    expect(await gaps('--fail-on', 'everything')).toMatchObject({ code: 2, stdout: '' })
    expect(await gaps('--format', 'xml')).toMatchObject({ code: 2, stdout: '' })
    expect(await gaps('--from', 'soon')).toMatchObject({ code: 2, stdout: '' })
  })
})

test('whatever somebody sends as a code stays text', () => {
  const hostile = (code: string) => ({
    provider: 'shop',
    code,
    count: 1,
    statuses: [{ status: 0, count: 1 }],
    first_seen: '2026-11-21T14:00:00Z',
    last_seen: '2026-11-21T14:00:00Z',
    first_service: 'a\nb: c',
    first_version: '',
    request_id: 'req\n- code: INJECTED',
    message: 'said\u2028more',
    has_catalog: true,
    guess: { retry: 'unknown' as const, class: 'other' as const, advice: '' },
  })
  const unknown = ['A|B', '0404', 'yes', '# no', '- x: y', 'a\nb', '<b>`x`'].map(hostile)
  const found = {
    unknown,
    mismatched: [],
    never_seen: [],
    totals: { unknown: 7, mismatched: 0, never_seen: 0 },
  }
  const parsed = parseCatalog(gapsYaml(found), 'patch.yaml')
  if (Array.isArray(parsed)) throw new Error(JSON.stringify(parsed))
  expect(parsed.catalog.codes.map(({ code }) => code)).toEqual([
    'A|B',
    '0404',
    'yes',
    '# no',
    '- x: y',
    '<b>`x`',
  ])
  const markdown = gapsMarkdown(found).split('\n')
  expect(markdown.filter((line) => line.startsWith('|'))).toHaveLength(2 + unknown.length)
  expect(markdown.join()).not.toContain('<b>')
  expect(markdown.join()).toContain('A\\|B')
})
