import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ListedCode } from '../../../services/api/routes/codes.ts'
import { change, compare, type Top, type TopRow } from '../../../services/cli/ask/top/compare.ts'
import { frame } from '../../../services/cli/ask/top/frame.ts'
import { appOnStore } from '../../api/app-on-store.ts'
import { store } from '../../api/stored-rows.ts'
import { CLI } from '../../command-line.ts'

const MINUTE = 60_000

const on = appOnStore()
let url: string
beforeAll(async () => {
  const now = Date.now()
  const at = (count: number, ago: number, code: string, row = {}) =>
    store(
      on.client,
      'errors',
      Array.from({ length: count }, () => ({ ts: now - ago, code, ...row })),
    )
  await at(7, MINUTE, 'RATE_LIMIT_EXCEEDED')
  await at(2, 8 * MINUTE, 'RATE_LIMIT_EXCEEDED')
  await at(3, 8 * MINUTE, 'OVER', { standing: 'unknown', retry: 'unknown' })
  await at(1, MINUTE, '\u001b[2Jnew', { standing: 'unknown', retry: 'never', provider: 'elsewhere' })
  url = await on.app.listen({ port: 0, host: '127.0.0.1' })
})

const start = (...args: string[]) => {
  const { TELLTALE_URL: _, FORCE_COLOR: __, ...env } = process.env
  return spawn(process.execPath, [CLI, 'top', '--url', url, ...args], { env: { ...env, NO_COLOR: '1' } })
}

describe('in a pipe', () => {
  test('--once: what is now, what was before, and how it changed', async () => {
    const child = start('--once')
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^8 errors in the last 5 min · 5 in the 5 before · 1 code in no catalog$/m)
    expect(stdout).toMatch(/^CODE +PROVIDER +HTTP +NOW +BEFORE .*RETRY +STANDING$/m)
    expect(stdout).toMatch(/^RATE_LIMIT_EXCEEDED +sess\S+-api +429 +7 +2 .* after_wait +known$/m)
    expect(stdout).toMatch(/^␛\[2Jnew +elsewhere +429 +1 +0 .* never +no catalog$/m)
    expect(stdout).toMatch(/^OVER +sess\S+-api +429 +0 +3 .*/m)
    expect(stdout).not.toMatch(/(?!\n)\p{Cc}/u)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('goes on, with --json a line each time, until Ctrl-C: exit 0', async () => {
    const child = start('--json', '--every', '1', '--limit', '2', '--provider', 'session-api')
    const lines: Top[] = []
    for await (const line of createInterface(child.stdout)) {
      lines.push(JSON.parse(line))
      if (lines.length === 2) child.kill('SIGINT')
    }
    if (child.exitCode === null) await once(child, 'exit')
    expect(child.exitCode).toBe(0)
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatchObject({ minutes: 5, now: 7, before: 5 })
    expect(lines[0].codes.map(({ code, now, before }) => [code, now, before])).toEqual([
      ['RATE_LIMIT_EXCEEDED', 7, 2],
      ['OVER', 0, 3],
    ])
  })

  test('somebody has read enough: quiet', async () => {
    const child = start('--every', '1')
    const said = text(child.stderr)
    await once(child.stdout, 'data')
    child.stdout.destroy()
    await once(child, 'exit')
    expect([child.exitCode, await said]).toEqual([0, ''])
  })

  test.each([
    ['--every', '0'],
    ['--period', '5m'],
    ['--limit', '-1'],
    ['--standing', 'knwon'],
  ])('%s %s is wrong use', async (...args) => {
    const child = start(...args)
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
    expect(code).toBe(2)
    expect(said).toMatch(/whole number from 1 to|give one of known/)
  })
})

describe('on a terminal', () => {
  const hasScript = spawnSync('script', ['--version']).status === 0

  /** Under a terminal of this size, with these keys pressed once something is shown. */
  async function onTerminal(columns: number, rows: number, keys: string) {
    const command = `stty cols ${columns} rows ${rows}; exec ${process.execPath} ${CLI} top --url ${url}`
    const child = spawn('script', ['-qec', command, '/dev/null'], { env: { ...process.env, NO_COLOR: '1' } })
    let shown = ''
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      if (!shown.includes('HTTP') && (shown + piece).includes('HTTP')) child.stdin.write(keys)
      shown += piece
    })
    await once(child, 'close')
    return { code: child.exitCode, shown }
  }

  test.for([
    ['Ctrl-C', '\u0003'],
    ['q', 'q'],
  ])('%s ends it, and the terminal is as before: exit 0', async ([_, keys], { skip }) => {
    skip(!hasScript, 'there is no `script` to make a terminal')
    const { code, shown } = await onTerminal(80, 24, keys)
    expect(code).toBe(0)
    expect(shown.indexOf('\u001b[?1049h\u001b[?25l')).toBeGreaterThanOrEqual(0)
    expect(shown.endsWith('\u001b[?25h\u001b[?1049l')).toBe(true)
    expect(shown).toContain('RATE_LIMIT_EXCEEDED')
    expect(shown).toContain('␛[2Jnew')
    expect(shown).not.toContain('\u001b[2Jnew')
  })

  test('shows what there is room for', async ({ skip }) => {
    skip(!hasScript, 'there is no `script` to make a terminal')
    const { shown } = await onTerminal(60, 6, 'q')
    expect(shown).toMatch(/RATE_LIM/)
    expect(shown).toContain('… and 2 more')
    expect(shown).not.toContain('OVER')
  })
})

describe('change', () => {
  const at = '2026-11-21T14:00:30.000Z'
  const row = (values: Partial<TopRow>) => ({ first_seen: '2026-01-01T00:00:00Z', ...values }) as TopRow
  const of = (now: number, before: number, first_seen?: string) =>
    change(row({ now, before, ...(first_seen && { first_seen }) }), { at, minutes: 5 } as Top)

  test('by rate, for the running minute makes now longer than before', () => {
    expect(of(110, 100)).toBe('=')
    expect(of(55, 100)).toBe('−50%')
    expect(of(165, 100)).toBe('+50%')
    expect(of(330, 100)).toBe('×3.0')
    expect(of(2200, 100)).toBe('×20')
  })
  test('from or to nothing', () => {
    expect(of(0, 3)).toBe('gone')
    expect(of(3, 0)).toBe('again')
    expect(of(3, 0, '2026-11-21T13:55:00Z')).toBe('new')
  })
})

test('compare: what both questions know is in each half once', () => {
  const row = (code: string, count: number) => ({ provider: 'p', code, status: 400, count }) as ListedCode
  const { now, before, codes } = compare(
    [row('a', 10), row('gone', 4), row('raced', 1)],
    [row('a', 7), row('raced', 2)],
    5,
    new Date(),
  )
  expect([now, before]).toEqual([9, 7])
  expect(codes.map(({ code, now, before }) => [code, now, before])).toEqual([
    ['a', 7, 3],
    ['raced', 2, 0],
    ['gone', 0, 4],
  ])
})

test('one error is one error, and where all is documented that is said', () => {
  const top: Top = { at: '2026-11-21T12:00:00Z', minutes: 5, now: 1, before: 0, codes: [] }
  expect(frame(top, { columns: 80, rows: 24 }, 'here')[1]).toBe(
    '1 error in the last 5 min · 0 in the 5 before · nothing undocumented',
  )
})
