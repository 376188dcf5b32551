import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { compileCatalogs } from '../../services/catalog/classify.ts'
import { loadCatalogs } from '../../services/catalog/load.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'telltale-catalogs-'))
})
afterEach(async () => {
  await rm(directory, { recursive: true })
})

const put = (name: string, text: string | Uint8Array) => writeFile(join(directory, name), text)
const BUILT_IN = 6

/** What loading one bad file says, besides that it contributes nothing. */
async function problemsOf(text: string | Uint8Array) {
  await put('bad.yaml', text)
  const { catalogs, problems } = await loadCatalogs([directory])
  expect(catalogs).toHaveLength(BUILT_IN)
  for (const { file } of problems) expect(file).toBe(join(directory, 'bad.yaml'))
  return problems.map(({ line, message }) => ({ line, message }))
}

describe("the user's directories", () => {
  test('add providers and replace built-in ones', async () => {
    await put('mine.yaml', 'provider: mine\ncodes: [{ code: A }]\n')
    await put('session.yml', 'provider: session-api\ncodes: [{ code: OURS, http: [418], retry: never }]\n')
    await put('.draft.yaml', 'not: a catalog')
    await put('README.md', '# not a catalog')
    const { catalogs, problems } = await loadCatalogs([directory])
    expect(problems).toEqual([])
    expect(catalogs).toHaveLength(BUILT_IN + 1)
    const { verdict } = compileCatalogs(catalogs)
    expect(verdict('session-api', 'OURS', 418).standing).toBe('known')
    expect(verdict('session-api', 'RATE_LIMIT_EXCEEDED', 429).standing).toBe('unknown')
    expect(verdict('mine', 'A', 500).standing).toBe('known')
  })

  test('win hosts and services from built-in catalogs, whatever the provider is called', async () => {
    await put('a.yaml', 'provider: a-session\nmatch: { hosts: [api.session.example] }\ncodes: []\n')
    const { catalogs, problems } = await loadCatalogs([directory])
    expect(problems).toEqual([])
    const { resolveProvider } = compileCatalogs(catalogs)
    const hints = {
      attribute: '',
      serverAddress: 'api.session.example',
      service: '',
      side: 'client' as const,
    }
    expect(resolveProvider(hints)).toBe('a-session')
  })

  test('a later directory wins over an earlier one', async () => {
    const [first, second] = [join(directory, 'first'), join(directory, 'second')]
    for (const [path, code] of [
      [first, 'FIRST'],
      [second, 'SECOND'],
    ]) {
      await mkdir(path)
      await writeFile(join(path, 'mine.yaml'), `provider: mine\ncodes: [{ code: ${code} }]\n`)
    }
    const { catalogs, problems } = await loadCatalogs([first, second])
    expect(problems).toEqual([])
    expect(catalogs.at(-1)?.codes.map(({ code }) => code)).toEqual(['SECOND'])
  })

  test('that are missing or no directories are problems, the rest loads', async () => {
    await put('file', '')
    const missing = join(directory, 'missing')
    const { catalogs, problems } = await loadCatalogs([missing, join(directory, 'file')])
    expect(catalogs).toHaveLength(BUILT_IN)
    expect(problems.map(({ file }) => file)).toEqual([missing, join(directory, 'file')])
    expect(problems[0].message).toContain('ENOENT')
  })

  test('two files of one provider, or two claims of one host, in one directory are problems', async () => {
    await put('a.yaml', 'provider: a\nmatch:\n  hosts: [api.a.example]\n  services: [a]\ncodes: []\n')
    await put('b.yaml', 'provider: a\ncodes: []\n')
    await put(
      'c.yaml',
      'provider: c\nmatch:\n  hosts: [x.example, API.A.example]\n  services: [a]\ncodes: []\n',
    )
    const { problems } = await loadCatalogs([directory])
    expect(problems).toEqual([
      { file: join(directory, 'b.yaml'), line: 1, message: expect.stringContaining('catalog of a') },
      {
        file: join(directory, 'c.yaml'),
        line: 3,
        message: 'api.a.example is already matched by a: only one of them can have it',
      },
      {
        file: join(directory, 'c.yaml'),
        line: 4,
        message: 'a is already matched by a: only one of them can have it',
      },
    ])
  })
})

describe('a bad file gives problems with lines and never a throw', () => {
  test('all problems of all files together', async () => {
    await put('a.yaml', 'provider: a\ncodes:\n  - code: A\n    http: [4]\n    retry: perhaps\n  - code: A\n')
    await put('b.yaml', 'provider: B\ntitel: x\ncodes: []\n')
    const { problems } = await loadCatalogs([directory])
    expect(problems.map(({ file, line }) => [file.slice(-6), line])).toEqual([
      ['a.yaml', 4],
      ['a.yaml', 5],
      ['b.yaml', 1],
      ['b.yaml', 2],
    ])
    expect(problems[1].message).toMatch(/^codes\[0\]\.retry: .*"after_wait"/)
    expect(problems[3].message).toContain('titel')
  })

  test.each<[what: string, text: string, line: number | undefined, message: RegExp]>([
    ['empty', '', undefined, /object/],
    ['a list', '- a\n', 1, /object/],
    ['no codes', 'provider: a\n', 1, /codes/],
    [
      'a code twice',
      'provider: a\ncodes:\n  - code: A\n  - code: B\n  - code: A\n',
      5,
      /the code A stands here twice/,
    ],
    ['a key twice', 'provider: a\nprovider: b\ncodes: []\n', 2, /the key provider stands here twice/],
    ['an unquoted numeric code', 'provider: a\ncodes:\n  - code: 0404\n', 3, /quotes/],
    ['a code of two lines', 'provider: a\ncodes:\n  - code: "A\\nB"\n', 3, /one line/],
    ['a wrong class', 'provider: a\ncodes:\n  - code: A\n    class: odd\n', 4, /"billing"/],
    [
      'a wrong status',
      'provider: a\nstatuses:\n  400: { retry: never }\n  9xx: { retry: never }\ncodes: []\n',
      4,
      /429/,
    ],
    ['a wrong pointer', 'provider: a\nenvelope:\n  code: error.code\ncodes: []\n', 3, /JSON pointer/],
    [
      'a host that is a URL',
      'provider: a\nmatch:\n  hosts: [https://a.example]\ncodes: []\n',
      3,
      /host name/,
    ],
    ['a link that is a script', 'provider: a\ndocs: "javascript:alert(1)"\ncodes: []\n', 2, /web address/],
    [
      'a date that is none',
      'provider: a\ncodes:\n  - code: A\n    deprecated: { on: 2026-02-31 }\n',
      4,
      /date/,
    ],
    [
      'an end before its start',
      'provider: a\ncodes:\n  - code: A\n    deprecated: { on: 2026-02-01, until: 2026-01-01 }\n',
      4,
      /after/,
    ],
    ['broken YAML', 'provider: a\ncodes: [\n', 3, /./],
    ['an unknown tag', 'provider: !!js/function a\ncodes: []\n', 1, /tag/],
    ['two documents', 'provider: a\ncodes: []\n---\nprovider: b\n', 3, /more than one document/],
    ['an alias of nothing', 'provider: *a\ncodes: []\n', undefined, /alias/i],
    ['a key that is no name', 'provider: a\n__proto__: { retry: never }\ncodes: []\n', 2, /__proto__/],
    ['nesting without end', `codes: ${'['.repeat(100_000)}`, 1, /nested too deeply/],
    ['nesting in maps', `codes: ${'{ a: '.repeat(100_000)}`, 1, /nested too deeply/],
    ['errors without end', '}'.repeat(100), 1, /./],
  ])('%s', async (_, text, line, message) => {
    const problems = await problemsOf(text)
    expect(problems.length).toBeGreaterThan(0)
    expect(problems.length).toBeLessThanOrEqual(20)
    expect(problems[0].message).toMatch(message)
    expect(problems[0].line).toBe(line)
  })

  test('tokens without end', async () => {
    const problems = await problemsOf('a: 1\n'.repeat(200_000))
    expect(problems).toEqual([{ line: expect.any(Number), message: expect.stringContaining('too large') }])
  })

  test('a bomb of aliases', async () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const item = level === 0 ? 'ha' : `*l${level - 1}`
      return `l${level}: &l${level} [${Array(9).fill(item).join(', ')}]`
    })
    const problems = await problemsOf(`${levels.join('\n')}\nprovider: a\ncodes: []\n`)
    expect(problems).toEqual([{ line: undefined, message: expect.stringContaining('alias') }])
  })

  test('an alias of itself', async () => {
    expect(await problemsOf('provider: a\ncodes: &a [*a]\n')).not.toEqual([])
  })

  test('more than a megabyte', async () => {
    const [{ message }] = await problemsOf(`# ${'x'.repeat(1024 * 1024)}\n`)
    expect(message).toContain('1048576')
  })

  test('no text', async () => {
    const [{ message }] = await problemsOf(new Uint8Array([0xff, 0xfe, 0x00]))
    expect(message).toContain('cannot be read')
  })

  test('no file', async () => {
    await mkdir(join(directory, 'folder.yaml'))
    const { problems } = await loadCatalogs([directory])
    expect(problems).toEqual([{ file: join(directory, 'folder.yaml'), message: 'is not a file' }])
  })
})

test('Windows line ends and a byte order mark are fine', async () => {
  await put('a.yaml', '\uFEFFprovider: a\r\ncodes:\r\n  - code: A\r\n    http: [400]\r\n')
  const { catalogs, problems } = await loadCatalogs([directory])
  expect(problems).toEqual([])
  expect(catalogs.at(-1)).toMatchObject({ provider: 'a', codes: [{ code: 'A', http: [400] }] })
})
