import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { skipUnlessNothingRuns, telltale } from '../run-cli.ts'

// What a build runs over its catalogs: lint, and diff against what was published.

const cwd = mkdtempSync(join(tmpdir(), 'telltale-check-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))
const catalog = (...args: string[]) => telltale(['catalog', ...args], { cwd })
const put = (file: string, text: string) => writeFileSync(join(cwd, file), text)

const GOOD =
  'provider: shop\ncodes:\n  - { code: LOCKED, http: [409], retry: backoff, meaning: Another request is in progress. }\n'

beforeAll(() => {
  mkdirSync(join(cwd, 'catalogs'))
  mkdirSync(join(cwd, 'empty'))
  put('catalogs/shop.yaml', GOOD)
  put('old.yaml', GOOD)
  put('bad.yaml', 'provider: bad\ncodes:\n  - { code: A, http: [400], retry: backoff }\n')
  put('broken.yaml', 'provider: [\n')
})

describe('telltale catalog lint', () => {
  test('is content with good files and directories', async () => {
    expect(await catalog('lint', 'catalogs', 'old.yaml', 'old.yaml')).toMatchObject({ code: 1 })
    expect(await catalog('lint', 'catalogs')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'telltale: 1 file: 0 errors, 0 warnings.\n',
    })
  })

  test('says file and line, what is wrong and what to do', async () => {
    const { code, stdout, stderr } = await catalog('lint', 'bad.yaml', 'broken.yaml')
    expect(code).toBe(1)
    expect(stdout).toMatch(/^bad\.yaml:3: error: A: has no meaning: say what happened/m)
    expect(stdout).toMatch(/^bad\.yaml:3: error: A: retry backoff contradicts .* correct it, or say/m)
    expect(stdout).toMatch(/^broken\.yaml:\d+: error: /m)
    expect(stderr).toMatch(/^telltale: 2 files: \d errors, 0 warnings\.\n$/)
  })

  test('--json', async () => {
    const { code, stdout, stderr } = await catalog('lint', 'bad.yaml', '--json')
    expect([code, stderr]).toEqual([1, ''])
    expect(JSON.parse(stdout)[0]).toMatchObject({ file: 'bad.yaml', line: 3, level: 'error' })
  })

  test('what is not there, and a directory without catalogs', async () => {
    expect(await catalog('lint', 'nowhere.yaml')).toMatchObject({
      code: 2,
      stderr: 'telltale: nowhere.yaml is not there\n',
    })
    expect(await catalog('lint', 'empty')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no \.yaml file/),
    })
    expect(await catalog('lint')).toMatchObject({ code: 2 })
  })
})

describe('telltale catalog diff', () => {
  test('exits 1 on a break, a line each', async () => {
    put('new.yaml', GOOD.replace('409', '423').replace('backoff', 'never'))
    expect(await catalog('diff', 'old.yaml', 'new.yaml')).toEqual({
      code: 1,
      stdout:
        'break: shop LOCKED: status changed from 409 to 423\nbreak: shop LOCKED: retry changed from backoff to never\n',
      stderr: 'telltale: 2 of 2 changes break something.\n',
    })
    const { code, stdout } = await catalog('diff', 'old.yaml', 'new.yaml', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout)[0]).toMatchObject({ level: 'break', provider: 'shop', code: 'LOCKED' })
  })

  test('is content where nothing breaks', async () => {
    put('more.yaml', `${GOOD}  - { code: NEW, meaning: New. }\n`)
    expect(await catalog('diff', 'old.yaml', 'more.yaml')).toEqual({
      code: 0,
      stdout: 'addition: shop NEW: is new\n',
      stderr: 'telltale: nothing breaks.\n',
    })
    expect(await catalog('diff', 'old.yaml', 'catalogs')).toMatchObject({ code: 0, stdout: '' })
  })

  test('what cannot be read is compared with nothing', async () => {
    expect(await catalog('diff', 'old.yaml', 'broken.yaml')).toMatchObject({ code: 1, stdout: '' })
    expect(await catalog('diff', 'nowhere.yaml', 'old.yaml')).toMatchObject({ code: 2 })
  })

  test('against a revision of git: a file, a directory', async ({ skip }) => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.example', ...args], {
        cwd,
        stdio: 'pipe',
      })
    try {
      git('init', '-q')
    } catch {
      skip(true, 'there is no git here')
    }
    git('add', 'catalogs')
    git('commit', '-qm', 'catalogs')
    put('catalogs/shop.yaml', GOOD.replace('LOCKED', 'OTHER'))
    const removed = expect.stringMatching(/^break: shop LOCKED: was removed/)
    expect(await catalog('diff', 'git:HEAD:catalogs/shop.yaml', 'catalogs/shop.yaml')).toMatchObject({
      code: 1,
      stdout: removed,
    })
    expect(await catalog('diff', 'git:HEAD:catalogs/', 'catalogs')).toMatchObject({
      code: 1,
      stdout: removed,
    })
    for (const source of ['git:nobranch:catalogs', 'git:HEAD:no/such.yaml', 'git:HEAD', 'git:--help:x'])
      expect(await catalog('diff', source, 'catalogs')).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('telltale catalog list and show', () => {
  test('what is known, without an instance and without data', async ({ skip }) => {
    await skipUnlessNothingRuns(skip)
    const env = { TELLTALE_CATALOGS: 'catalogs' }
    put('catalogs/shop.yaml', GOOD)
    const list = await telltale(['catalog', 'list'], { cwd, env })
    expect([list.code, list.stderr]).toEqual([0, ''])
    expect(list.stdout).toMatch(/^PROVIDER +CODES +TITLE +MATCHES$/m)
    expect(list.stdout).toMatch(/^shop +1 /m)
    const show = await telltale(['catalog', 'show', 'shop'], { cwd, env })
    expect(show.stdout).toMatch(/^LOCKED +409 +backoff +conflict\n {2}Another request is in progress\.$/m)
    const json = await telltale(['catalog', 'show', 'shop', '--json'], { cwd, env })
    expect(JSON.parse(json.stdout)).toMatchObject({ provider: 'shop', codes: [{ code: 'LOCKED' }] })
    const none = await telltale(['catalog', 'show', 'nobody'], { cwd, env })
    expect([none.code, none.stdout]).toEqual([1, ''])
    expect(none.stderr).toMatch(/There is no catalog of nobody; there are .*shop/)
  })
})
