import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startUp, type Up } from '../../e2e/up.ts'
import { skipUnlessNothingRuns, telltale } from '../run-cli.ts'

const cwd = mkdtempSync(join(tmpdir(), 'telltale-token-'))
const TOKEN = /^tt_[A-Za-z0-9_-]{43}\n$/
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

describe('with a running instance', () => {
  let up: Up
  beforeAll(async () => {
    up = await startUp(join(cwd, 'running'))
  })
  afterAll(async () => {
    await up.stop()
  })
  const run = (token: string | undefined, ...args: string[]) =>
    telltale(['token', ...args], {
      cwd,
      env: { TELLTALE_URL: up.url, ...(token !== undefined && { TELLTALE_TOKEN: token }) },
    })

  test('the first, others by it, a list without secrets, and an end; commands send TELLTALE_TOKEN', async () => {
    const first = await run(undefined, 'create', '--scope', 'admin', '--name', 'me')
    expect([first.code, first.stdout]).toEqual([0, expect.stringMatching(TOKEN)])
    expect(first.stderr).toMatch(
      /this is tok_\w+ \(me\), opens admin, does not expire.*cannot be shown again/,
    )
    const admin = first.stdout.trim()

    const strange = await run(admin, 'create', '--scope', 'read,nope')
    expect([strange.code, strange.stdout]).toEqual([2, ''])
    expect(strange.stderr).toMatch(/--scope nope: .*ingest, read, admin/)

    const refused = await run(undefined, 'create', '--scope', 'read')
    expect([refused.code, refused.stdout]).toEqual([1, ''])
    expect(refused.stderr).toMatch(/A token is needed.*TELLTALE_TOKEN/)

    const made = await run(admin, 'create', '--scope', 'read,ingest', '--expires', '90d', '--json')
    const { token, id, scopes } = JSON.parse(made.stdout)
    expect([scopes, `${token}\n`]).toEqual([['read', 'ingest'], expect.stringMatching(TOKEN)])

    const list = await run(admin, 'list')
    expect(list.stdout).toMatch(new RegExp(`^${id} +– +read ingest +good +never`, 'm'))
    expect(list.stdout).toMatch(/^tok_\w+ +me +admin +good +2\d\d\d-/m)
    expect(list.stdout).not.toContain('tt_')
    expect((await run(token, 'list')).stderr).toMatch(/scope admin/)

    const asked = (value: string) =>
      telltale(['codes'], { cwd, env: { TELLTALE_URL: up.url, TELLTALE_TOKEN: value } })
    expect((await asked(token)).code).toBe(0)
    const revoked = await run(admin, 'revoke', id)
    expect([revoked.code, revoked.stdout]).toEqual([0, expect.stringMatching(`^${id} is revoked since 2`)])
    expect(await asked(token)).toMatchObject({ code: 1, stderr: expect.stringMatching(/not valid/) })
    expect(await run(admin, 'revoke', 'tok_none')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no token with this id/),
    })
    // No token anywhere in what it said.
    expect(up.said()).toMatch(/a token was made/)
    expect(up.said()).not.toContain('tt_')
  })
})

describe('when nothing runs', () => {
  beforeEach(async ({ skip }) => {
    await skipUnlessNothingRuns(skip)
  })
  const run = (data: string, ...args: string[]) => telltale(['token', ...args, '--data', data], { cwd })

  test('tokens are made in the directory, which need not be there yet; whoever opens it needs none', async () => {
    const first = await run('fresh', 'create', '--scope', 'ingest')
    expect([first.code, first.stdout]).toEqual([0, expect.stringMatching(TOKEN)])
    expect(first.stderr).toMatch(/more of them are made with one of the scope admin/)
    expect(first.stderr).not.toContain('undefined')
    expect((await run('fresh', 'create', '--scope', 'admin')).code).toBe(0)
    const list = await run('fresh', 'list', '--json')
    const [newest] = JSON.parse(list.stdout)
    expect(newest.scopes).toEqual(['admin'])
    expect((await run('fresh', 'revoke', newest.id)).code).toBe(0)
    expect((await run('fresh', 'list')).stdout).toMatch(new RegExp(`^${newest.id} .*revoked`, 'm'))
  })

  test('nothing is listed of, or made by, a directory without a store', async () => {
    expect(await run('none', 'list')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/holds no store/),
    })
  })
})

test.for<[string[], RegExp]>([
  [['create', '--scope', 'root'], /--scope root: .*admin/],
  [['create', '--scope', 'read', '--expires', 'soon'], /expires/],
])('%j is wrong use', async ([args, said], { skip }) => {
  await skipUnlessNothingRuns(skip)
  const result = await telltale(['token', ...args, '--data', join(cwd, 'wrong')], { cwd })
  expect(result).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(said) })
})
