import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lintCatalogs } from '../../services/catalog/lint.ts'
import { BUILT_IN, loadCatalogs } from '../../services/catalog/load.ts'
import { readCatalogBytes, readCatalogFile } from '../../services/catalog/read-file.ts'
import { looksSecret } from '../../services/cli/catalog/secret-looking.ts'

const { catalogs: builtIn } = await loadCatalogs([])

/** What is found in files of these texts, named a.yaml, b.yaml …, as `file:line level message`. */
function lint(...texts: string[]): string[] {
  const files = texts.map((text, index) => {
    const file = `${'abc'[index]}.yaml`
    return { file, read: readCatalogBytes(Buffer.from(text), file) }
  })
  return lintCatalogs(files, looksSecret, builtIn).map(
    ({ file, line, level, message }) => `${file}:${line} ${level} ${message}`,
  )
}

/** A catalog of one code, which is in line 3. */
const withCode = (...lines: string[]) =>
  `provider: shop\ncodes:\n  - code: A_CODE\n${lines.map((line) => `    ${line}\n`).join('')}`

test('the built-in catalogs have no flaw at all', async () => {
  const files = readdirSync(BUILT_IN).map((name) => join(BUILT_IN, name))
  const read = await Promise.all(files.map(async (file) => ({ file, read: await readCatalogFile(file) })))
  expect(read.length).toBe(6)
  expect(lintCatalogs(read, looksSecret, builtIn)).toEqual([])
})

describe('finds', () => {
  test('a code that stands there twice', () => {
    const text = 'provider: shop\ncodes:\n  - { code: A, meaning: x }\n  - { code: A, meaning: y }\n'
    expect(lint(text)).toEqual([
      expect.stringMatching(/^a\.yaml:4 error .*the code A stands here twice: make/),
    ])
  })

  test('what is no catalog, with its line', () => {
    expect(lint('provider: shop\ncodes:\n  - { code: A, rety: never }\n')).toEqual([
      expect.stringMatching(/^a\.yaml:3 error .*rety/),
    ])
    expect(lint('')).toHaveLength(1)
    expect(lint('\0\u0001')).toHaveLength(1)
  })

  test.each([
    ['http: [429]', 'class: auth', /^a\.yaml:5 error A_CODE: status 429 contradicts the class auth/],
    ['http: [500]', 'class: validation', /status 500 contradicts the class validation/],
    ['http: [404]', 'class: rate_limit', /status 404 contradicts the class rate_limit/],
    ['http: [400, 503]', 'class: validation', /status 503 contradicts/],
    ['http: [401]', 'class: internal', /status 401 contradicts/],
  ])('a status that contradicts the class: %s %s', (http, errorClass, said) => {
    expect(lint(withCode(http, errorClass, 'meaning: Something.'))).toEqual([expect.stringMatching(said)])
  })

  test.each([
    ['404', 'permission'],
    ['400', 'internal'],
    ['503', 'rate_limit'],
    ['501', 'validation'],
    ['200', 'auth'],
    ['409', 'other'],
  ])('no contradiction in %s and %s', (status, errorClass) => {
    expect(lint(withCode(`http: [${status}]`, `class: ${errorClass}`, 'meaning: Something.'))).toEqual([])
  })

  test.each([
    [
      'http: [400]',
      'retry: backoff',
      /^a\.yaml:5 error A_CODE: retry backoff contradicts what HTTP says of 400 \(never\)/,
    ],
    ['http: [503]', 'retry: never', /retry never contradicts what HTTP says of 503 \(backoff\)/],
  ])('a retry that contradicts its status, unless it is stated: %s %s', (http, retry, said) => {
    expect(lint(withCode(http, retry, 'retry_is: derived', 'meaning: A thing.'))).toEqual([
      expect.stringMatching(said),
    ])
    expect(lint(withCode(http, retry, 'meaning: A thing.'))).toHaveLength(1)
    expect(lint(withCode(http, retry, 'retry_is: stated', 'meaning: A thing.'))).toEqual([])
  })

  test('a retry that contradicts the default of its own catalog', () => {
    const statuses = '\nstatuses: { 5xx: { retry: never } }'
    expect(lint(withCode('http: [502]', 'retry: backoff', 'meaning: A thing.') + statuses)).toEqual([
      expect.stringMatching(/retry backoff contradicts this catalog's own never for 502/),
    ])
  })

  test('nothing in a retry that the words explain, or another wait', () => {
    const locked = withCode('http: [409]', 'retry: backoff', 'meaning: Another request is in progress.')
    expect(lint(locked)).toEqual([])
    expect(lint(withCode('http: [429]', 'retry: backoff', 'meaning: Too many requests.'))).toEqual([])
  })

  test('a missing meaning', () => {
    expect(lint(withCode('http: [400]'))).toEqual([
      'a.yaml:3 error A_CODE: has no meaning: say what happened, in a sentence',
    ])
  })

  test('what two catalogs claim', () => {
    const one = 'provider: one\nmatch: { hosts: [api.shop.example], services: [shop] }\ncodes: []\n'
    expect(lint(one, one.replace('one', 'two'))).toEqual([
      'b.yaml:2 error api.shop.example is already matched by one: only one of them can have it',
      'b.yaml:2 error shop is already matched by one: only one of them can have it',
    ])
    expect(lint(one, one)).toEqual(['b.yaml:1 error a.yaml already is the catalog of one: merge them'])
    const taken = 'provider: mine\nmatch: { hosts: [api.session.example] }\ncodes: []\n'
    expect(lint(taken)).toEqual([
      expect.stringMatching(/^a\.yaml:2 warning .*built-in catalog of session-api/),
    ])
  })

  test('codes that only case tells apart, a status said twice, a successor that is not there', () => {
    const text =
      'provider: shop\ncodes:\n  - { code: A_B, meaning: x, http: [400, 400] }\n  - { code: a_b, meaning: y, deprecated: { on: 2026-01-01, instead: C } }\n'
    expect(lint(text)).toEqual([
      'a.yaml:3 warning A_B: a status stands here twice: once is enough',
      'a.yaml:4 warning a_b: only case tells it from A_B: is one of them misspelt?',
      'a.yaml:4 warning a_b: its successor C is not in this catalog: add it',
    ])
  })
})

describe('secrets', () => {
  const KEY = ['sk', 'live', '51HAbCdEfGhIjKlMnOpQrStUvWxYz0123'].join('_')
  test.each([
    `    meaning: Send ${KEY} again.`,
    `# example: ${KEY}`,
    'password: hunter2x9',
    'action: "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghijk"',
    `docs: https://shop.example/errors?token=abcdef0123456789`,
    `${'long '.repeat(80)}${KEY}${' text'.repeat(80)}`,
  ])('seen in %j', (line) => {
    expect(looksSecret(line)).toBe(true)
  })

  test.each([
    'action: Send Authorization; Bearer YOUR_KEY, or an X-API-Key header.',
    'action: "Send `Authorization: Bearer tt_…`"',
    'docs: https://shop.example/errors?page=errors2026',
    'action: Write to help@shop.example.',
    '  - code: INVALID_API_KEY_2',
    'envelope: { request_id: /meta/request_id }',
  ])('not seen in %j', (line) => {
    expect(looksSecret(line)).toBe(false)
  })

  test('said with the line, and not repeated', () => {
    const found = lint(`${withCode('meaning: A thing.')}# ${KEY}\n`)
    expect(found).toEqual([expect.stringMatching(/^a\.yaml:5 error looks like a secret/)])
    expect(found.join()).not.toContain(KEY)
  })
})
