import { expect, test } from 'vitest'
import { importPage } from '../../../services/catalog/import/import-page.ts'
import { MOST_BYTES } from '../../../services/catalog/import/page-text.ts'
import { imported } from './score.ts'

const problem = (bytes: Uint8Array | string): string => {
  const result = importPage(Buffer.from(bytes as string))
  return 'problem' in result ? result.problem : ''
}
const codes = (page: string | Uint8Array) =>
  imported(page).codes.map(({ code, http }) => `${code} ${http.join()}`)

const TABLE = '# Errors\n\n| Code | Status |\n|---|---|\n| not_here | 404 |\n| too_fast | 429 |\n'

test('empty and blank pages are empty catalogs with a note', () => {
  for (const page of ['', ' \n\t\n', '\ufeff']) {
    const { codes: found, notes } = imported(page)
    expect(found).toEqual([])
    expect(notes).not.toEqual([])
  }
})

test('binary data is refused', () => {
  expect(problem(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 0, 1, 0, 0, 2, 3]))).toMatch(/binary/)
  expect(problem(Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7919) % 256)))).toMatch(/binary/)
})

test('what is too large is refused, saying how large it may be', () => {
  expect(problem(Buffer.alloc(MOST_BYTES + 1, 'a'))).toContain(String(MOST_BYTES))
  expect(problem('a line\n'.repeat(90_000))).toMatch(/lines.*only the part about errors/)
  expect(problem('a line of words\n'.repeat(100_000))).toMatch(/characters.*only the part about errors/)
})

test('one line of millions of characters', () => {
  const { notes } = imported(`${TABLE}\n${'code_x | 404 | '.repeat(60_000)}`)
  expect(notes.some(({ why }) => why.includes('too long'))).toBe(true)
  expect(codes(`${TABLE}\n${'a'.repeat(1_200_000)}`)).toEqual(['not_here 404', 'too_fast 429'])
})

test('line ends, marks of byte order, UTF-16, Windows-1252', () => {
  const expected = ['not_here 404', 'too_fast 429']
  expect(codes(TABLE.replaceAll('\n', '\r\n'))).toEqual(expected)
  expect(codes(TABLE.replaceAll('\n', '\r'))).toEqual(expected)
  expect(codes(`\ufeff${TABLE}`)).toEqual(expected)
  expect(codes(Buffer.from(`\ufeff${TABLE}`, 'utf16le'))).toEqual(expected)
  expect(codes(Buffer.from(TABLE, 'utf16le'))).toEqual(expected)
  expect(codes(Buffer.from(`\ufeff${TABLE}`, 'utf16le').swap16())).toEqual(expected)
  expect(codes(Buffer.concat([Buffer.from(TABLE), Buffer.from([0xe9, 0x0a])]))).toEqual(expected)
})

test('text from right to left, and marks that turn it', () => {
  const page =
    '# رموز الأخطاء (errors)\n\n| الرمز | الحالة | الوصف |\n|---|---|---|\n| \u202ainvalid_token\u202c | 401 | الرمز غير صالح |\n| not_found_x | 404 | غير موجود |\n'
  expect(codes(page)).toEqual(['invalid_token 401', 'not_found_x 404'])
})

test('tables and tags that never end', () => {
  expect(codes('# Errors\n| Code | Status |\n|---|---|\n| a_b | 404')).toEqual(['a_b 404'])
  expect(codes('<h1>Errors<table><tr><th>Code<th>HTTP<tr><td>a_b<td>404<tr><td>c_d<td>429')).toEqual([
    'a_b 404',
    'c_d 429',
  ])
  expect(codes('# Errors\n```json\n{ "error": { "code": "a_b"')).toEqual([])
  expect(codes('<script>var a = "x"')).toEqual([])
})

test.each([
  ['brackets', '['.repeat(100_000)],
  ['links', '[a]('.repeat(100_000)],
  ['stars', `${'**a '.repeat(100_000)}\n`],
  ['underscores', '_a'.repeat(200_000)],
  ['backticks', '`'.repeat(300_000)],
  ['quotes', '> '.repeat(200_000)],
  ['pipes', `${'|'.repeat(200_000)}\n`.repeat(3)],
  ['rows of pipes', '| a | b |\n'.repeat(20_000)],
  ['dashes', `${'- '.repeat(100_000)}\n`],
  ['rules', '---\n'.repeat(20_000)],
  ['spaces', `code${' '.repeat(300_000)}x\n`.repeat(2)],
  ['aligned', `${'code  '.repeat(3000)}\n`.repeat(20)],
  ['header words', 'Code\nStatus\n'.repeat(10_000)],
  ['stacked rows', `Code\nStatus\n${'a_b\n404\n'.repeat(10_000)}`],
  ['open braces', '{\n'.repeat(20_000)],
  ['nested lists', Array.from({ length: 1000 }, (_, at) => `${' '.repeat(at)}- a`).join('\n')],
  ['definitions', 'a_b\n: c\n'.repeat(10_000)],
  ['tags', '<div>'.repeat(200_000)],
  ['tables in tables', '<table><tr><td>'.repeat(50_000)],
  ['spans', `<table>${'<tr><td rowspan=9999 colspan=9999>a_b</td></tr>'.repeat(500)}</table>`],
  ['entities', '&amp;'.repeat(200_000)],
  ['headings', '<h1>'.repeat(100_000)],
  ['lists', '<ul><li>'.repeat(100_000)],
  ['digits', '4'.repeat(1_000_000)],
  ['statuses', '404 429 '.repeat(100_000)],
  ['glued', `${'A_B404'.repeat(50_000)}\n`],
  ['retry', `# Errors\n- a_b: ${'do not retry '.repeat(20_000)}\n`],
])('a page of %s ends', (_, page) => {
  expect(imported(page).codes.length).toBeLessThan(100_000)
  expect(imported(`<p>${page}`).codes.length).toBeLessThan(100_000)
})

test('hostile YAML and JSON', () => {
  const bomb = `openapi: 3.0.0\na: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
    .split('')
    .map((name, at) => `${name}: &${name} [${`*${'abcdefghij'[at]},`.repeat(9)}]`)
    .join('\n')}\npaths: *j\n`
  expect(problem(bomb)).toMatch(/cannot be read as YAML/)
  expect(problem(`openapi: 3.0.0\npaths: ${'['.repeat(100_000)}`)).toMatch(/YAML/)
  expect(problem(`{"openapi":"3.0.0","paths":${'['.repeat(100_000)}`)).toMatch(/JSON/)
  expect(problem('openapi: "3.0.0"\n\t- x: [')).toMatch(/YAML: line/)
  expect(problem('{"openapi": "3.0.0", ')).toMatch(/JSON/)
})

test('references that go round, outside or to nothing', () => {
  const page = JSON.stringify({
    openapi: '3.1.0',
    paths: {
      '/a': {
        $ref: '#/paths/~1a',
        get: {
          responses: {
            '400': { $ref: '#/components/responses/A' },
            '404': { $ref: 'https://example.com/x.json#/y' },
            '409': { content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } },
            '500': null,
          },
        },
      },
    },
    components: {
      responses: { A: { $ref: '#/components/responses/B' }, B: { $ref: '#/components/responses/A' } },
      schemas: {
        Error: {
          properties: {
            inner: { $ref: '#/components/schemas/Error' },
            code: { enum: ['state_taken', 7, null, {}] },
          },
        },
      },
    },
  })
  expect(codes(page)).toEqual(['state_taken 409', '7 409'])
})

test('a document of another kind than said', () => {
  const as = (format: 'openapi' | 'smithy') => importPage(Buffer.from('{"a": 1}'), format)
  expect(as('openapi')).toEqual({ problem: expect.stringContaining('openapi:') })
  expect(as('smithy')).toEqual({ problem: expect.stringContaining('shapes') })
})

test('what looked like a code and was not taken is noted, with line and reason', () => {
  const page =
    '# Errors\n\nSet `LOG_LEVEL` first.\n\n| Header | Meaning |\n|---|---|\n| X-Request-Id | an id |\n\n## Events\n\n| Event | Description |\n|---|---|\n| order_created | new |\n\n| Code | Status |\n|---|---|\n| no_stock | 409 |\n'
  const { codes: found, notes } = imported(page)
  expect(found.map(({ code }) => code)).toEqual(['no_stock'])
  expect(notes).toEqual(
    expect.arrayContaining([
      { line: 3, text: 'LOG_LEVEL', why: expect.stringContaining('nothing says') },
      { line: 13, text: 'order_created', why: expect.stringContaining('“Event”') },
    ]),
  )
})

test('a page on which more names were left than taken says so first', () => {
  const names = ['lamp_lit', 'lamp_out', 'door_shut', 'door_ajar', 'stove_hot', 'stove_cold']
  const { notes } = imported(`# House\n\n${names.map((name) => `See \`${name}\`.`).join('\n\n')}\n\n${TABLE}`)
  expect(notes[0].why).toMatch(/^6 names look like codes and were not taken, 2 were/)
})
