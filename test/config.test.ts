import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { describeConfig, loadConfig } from '../services/config.ts'

const directory = mkdtempSync(join(tmpdir(), 'telltale-config-'))
afterAll(() => rmSync(directory, { recursive: true }))

let files = 0
function fileWith(yaml: string): string {
  const file = join(directory, `${++files}.yaml`)
  writeFileSync(file, yaml)
  return file
}

/** Instead of the telltale.yaml that may lie about in the working directory. */
const nothing = fileWith('')

describe('where a setting comes from', () => {
  test('defaults, complete and without problems', () => {
    const { config, sources, problems } = loadConfig({ env: {}, file: nothing })
    expect(problems).toEqual([])
    expect(config).toMatchObject({
      data: './telltale-data',
      host: '127.0.0.1',
      port: 8080,
      otlpPort: 4318,
      clickhouse: { url: undefined, database: 'telltale' },
      catalogs: [],
      retention: { errors: 30, tenSeconds: 1, minutes: 30, hours: 396 },
      limits: { bodyBytes: 20 * 1024 * 1024, cardinality: 10_000, journalBytes: 1024 ** 3 },
    })
    expect(new Set(Object.values(sources))).toEqual(new Set(['default']))
  })

  test('flag before environment before file before default', () => {
    const file = fileWith('data: from-file\nport: 1\notlp_port: 2\n')
    const { config, sources, problems } = loadConfig({
      flags: { port: '3', json: true },
      env: { TELLTALE_PORT: '4', TELLTALE_OTLP_PORT: '5', TELLTALE_UNRELATED: 'x' },
      file,
    })
    expect(problems).toEqual([])
    expect(config).toMatchObject({ data: 'from-file', port: 3, otlpPort: 5, host: '127.0.0.1' })
    expect(sources).toMatchObject({
      data: file,
      port: 'flag',
      otlpPort: 'TELLTALE_OTLP_PORT',
      host: 'default',
    })
  })

  test('an empty variable and an empty line in the file say nothing', () => {
    const { config, problems } = loadConfig({ env: { TELLTALE_PORT: '' }, file: fileWith('port:\nhost:\n') })
    expect(problems).toEqual([])
    expect(config).toMatchObject({ port: 8080, host: '127.0.0.1' })
  })

  test('lists and units as people write them', () => {
    const file = fileWith(`
catalogs: [one, two]
attributes: { code: [my.code, their.code], request_id: rid }
retention: { errors: 2w, ten_seconds: 2, minutes: 90 d, hours: 1y }
limits: { body_bytes: 1.5 MiB, journal_bytes: 2gb }
`)
    const { config, problems } = loadConfig({ env: { TELLTALE_CATALOGS: 'a:b:' }, file })
    expect(problems).toEqual([])
    expect(config.catalogs).toEqual(['a', 'b'])
    expect(config.attributes).toMatchObject({
      code: ['my.code', 'their.code'],
      request_id: ['rid'],
      status: [],
    })
    expect(config.retention).toEqual({ errors: 14, tenSeconds: 2, minutes: 90, hours: 365 })
    expect(config.limits).toMatchObject({ bodyBytes: 1_572_864, journalBytes: 2_000_000_000 })
  })
})

describe('problems', () => {
  test('are reported together, each saying where and what to do', () => {
    const { config, sources, problems } = loadConfig({
      flags: { host: '0.0.0.0:80' },
      env: { TELLTALE_PORT: 'http', TELLTALE_LOG_LEVEL: 'loud', TELLTALE_CLICKHOUSE_URL: 'ch:9000' },
      file: fileWith('retention: { minutes: 12h }\nlimits: { cardinalty: 7 }\notlp_port: 99999\n'),
    })
    expect(problems).toEqual([
      expect.stringMatching(/^--host is "0\.0\.0\.0:80": give an address of this machine/),
      expect.stringMatching(/^TELLTALE_PORT is "http": give a port/),
      expect.stringMatching(/^otlp_port in .*\.yaml is 99999: give a port/),
      expect.stringMatching(/^TELLTALE_CLICKHOUSE_URL is "ch:9000": give the address/),
      expect.stringMatching(/^retention\.minutes in .*\.yaml is "12h": give whole days/),
      expect.stringMatching(/^TELLTALE_LOG_LEVEL is "loud": give one of trace, debug/),
      expect.stringMatching(
        /^limits\.cardinalty in .*\.yaml is no setting; there are: .*limits\.cardinality/,
      ),
    ])
    expect(config).toMatchObject({ host: '127.0.0.1', port: 8080, otlpPort: 4318 })
    expect(sources.port).toBe('default')
  })

  test.each([
    ['a file that is named but absent', join(directory, 'absent.yaml'), /does not exist/],
    ['a file that is not YAML', fileWith('a: [1'), /cannot be read/],
    ['a file with something else in it', fileWith('- 1\n- 2\n'), /must hold settings/],
  ])('%s', (_, file, message) => {
    expect(loadConfig({ env: {}, file }).problems).toEqual([expect.stringMatching(message)])
  })

  test('an address that is none at all is one more problem, not a failure', () => {
    const env = { TELLTALE_CLICKHOUSE_URL: 'clickhouse.example', TELLTALE_URL: 'telltale.example' }
    expect(loadConfig({ env, file: nothing }).problems).toEqual([
      expect.stringMatching(/^TELLTALE_URL is "telltale\.example": give the address/),
      expect.stringMatching(/^TELLTALE_CLICKHOUSE_URL is "clickhouse\.example": give the address/),
    ])
  })

  test('two listeners cannot have one port, unless any will do', () => {
    expect(loadConfig({ flags: { port: 4318 }, env: {}, file: nothing }).problems).toHaveLength(1)
    expect(loadConfig({ flags: { port: 0, otlpPort: 0 }, env: {}, file: nothing }).problems).toEqual([])
  })
})

describe('secrets', () => {
  test('are dots in what is shown, and absent from problems', () => {
    const loaded = loadConfig({
      env: { TELLTALE_CLICKHOUSE_PASSWORD: 'hunter2', TELLTALE_CLICKHOUSE_URL: 'http://me:hunter2@ch:8123' },
      file: fileWith('clickhouse: { password: hunter2 }'),
    })
    expect(loaded.config.clickhouse.password).toBe('hunter2')
    expect(loaded.problems).toEqual([expect.stringContaining('leave user and password out of the address')])
    expect(JSON.stringify([describeConfig(loaded), loaded.problems, loaded.sources])).not.toContain('hunter2')
    expect(describeConfig(loaded)).toContainEqual({
      name: 'clickhouse.password',
      value: '••••••',
      source: 'TELLTALE_CLICKHOUSE_PASSWORD',
    })
  })

  test.each([
    ['quoted beside the mistake', 'a: [\n password: hunter2'],
    ['taken for an alias', 'clickhouse: { password: *hunter2 }'],
    ['a token in the wrong place', 'clickhouse:\n  password: "x" hunter2\n'],
    ['a key that is there twice', 'hunter2: 1\nhunter2: 2\n'],
  ])('a file that is not YAML is not quoted: %s', (_, yaml) => {
    const { problems } = loadConfig({ env: {}, file: fileWith(yaml) })
    expect(problems).toEqual([expect.stringMatching(/cannot be read: .*YAML/)])
    expect(problems[0]).not.toContain('hunter2')
  })

  test('none in the address of a running instance', () => {
    const { problems } = loadConfig({ env: { TELLTALE_URL: 'http://me:hunter2@h:1' }, file: nothing })
    expect(problems).toEqual([expect.stringMatching(/leave user and password out/)])
    expect(problems[0]).not.toContain('hunter2')
  })

  test('one of the wrong type is not echoed either', () => {
    const { problems } = loadConfig({ env: {}, file: fileWith('clickhouse: { password: 12345678 }') })
    expect(problems).toEqual([expect.stringMatching(/password in .*: give the password as text/)])
    expect(problems[0]).not.toContain('12345678')
  })
})

test('the reference names every setting and every variable that is read', () => {
  const reference = readFileSync(join(import.meta.dirname, '../docs/reference.md'), 'utf8')
  const source = readFileSync(join(import.meta.dirname, '../services/config.ts'), 'utf8')
  const settings = describeConfig(loadConfig({ env: {}, file: nothing })).map(({ name }) => name)
  const variables = [...source.matchAll(/'(TELLTALE_[A-Z_]+)'/g)].map(([, variable]) => variable)
  expect([...settings, ...variables].filter((name) => !reference.includes(`\`${name}\``))).toEqual([])
})
