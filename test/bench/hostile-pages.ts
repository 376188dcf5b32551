import { MOST_LINES, MOST_PAGE_BYTES } from '../../services/catalog/import/page-text.ts'

/** Pages as large as one may be, each made to cost a reader more than it should. */
const fill = (unit: string): string => {
  const lines = unit.split('\n').length - 1
  const copies = Math.min(
    (MOST_PAGE_BYTES - 200) / unit.length,
    lines === 0 ? Infinity : (MOST_LINES - 10) / lines,
  )
  return unit.repeat(Math.floor(copies))
}

export const HOSTILE_PAGES: readonly (readonly [name: string, page: string])[] = [
  ['rows of pipes', fill('| a | b |\n')],
  ['header words, one a line', fill('Code\nStatus\n')],
  ['header words and answers', fill('Code\nStatus\nRetry\nDescription\nyes\n')],
  ['one cell a line', `Code\nStatus\n${fill('a_b\n404\n')}`],
  ['one cell a line, without statuses', `Code\nDescription\n${fill('a_b\nno such thing\n')}`],
  ['definitions', fill('a_b\n: c\n')],
  ['a definition that never ends', `a_b\n${fill(': c\n')}`],
  ['indented terms', fill('``a_b``\n   c\n')],
  ['footnotes', fill('a_b[^1]\n[^1]: do not retry\n')],
  ['items', fill('- `a_b` (404): do not retry\n')],
  ['an item that never ends', `- \`a_b\`\n${fill('  status: 404\n\n')}`],
  ['labels', `# a_b (404)\n${fill('Status: 404 ')}`],
  ['commas', `code,status,description\n${fill('a_b,404,"no, such"\n')}`],
  ['quotes and commas', fill('code,"status,"description\n')],
  ['aligned columns', `Code        Status\n${fill('a_b         404\n')}`],
  ['aligned headers', fill('Code        Status\n')],
  ['components', fill('<Accordion title="a_b (404)">\nx\n</Accordion>\n')],
  ['components that never end', fill('<Tab title="a" ')],
  ['open braces', fill('{\n')],
  ['fences', fill('```\n')],
  ['list tables', `.. list-table::\n\n${fill('   * - a_b\n     - 404\n')}`],
  ['list tables of nothing', fill('.. list-table::\n')],
  ['AsciiDoc', `|===\n${fill('|a_b |404\n')}`],
  ['AsciiDoc fences', fill('|===\n')],
  ['sentences', `# Errors\n${fill('The code a_b comes with 404. Do not retry it. ')}`],
  ['lines of sentences', `# Errors\n${fill('The code a_b comes with 404. Do not retry it.\n')}`],
  ['long lines', fill(`${'retry 404 a_b '.repeat(1400)}\n`)],
  ['html definitions', fill('<dl><dt>a_b<dd>x<p>Status: 404')],
  ['html items', fill('<li>a_b<p>Status: 404')],
  ['html cells', `<table>${fill('<tr><td>a_b<td>404')}`],
  ['html examples in cells', `<table>${fill('<tr><td>404<td><pre>{"code":"a_b"}</pre>')}`],
  ['html lists in html lists', fill('<ul><li>')],
  ['raised figures', fill('a_b<sup>1</sup> ')],
  ['JSON', `[${fill('{"code":"a_b","status":404},').slice(0, -1)}]`],
  ['YAML', `errors:\n${fill('  - code: "a_b"\n    status: 404\n')}`],
  ['records without a status', fill('Code: a_b\nMessage: no such thing\n\n')],
  ['labelled lines', fill('code: a_b\nx: y\n')],
  ['MediaWiki', `{|\n${fill('|-\n| a_b || 404\n')}`],
  ['MediaWiki tables', fill('{|\n')],
  ['programs', fill('enum A {\n  // HTTP 404\n  A_B = "a_b",\n')],
  [
    'arms of a match',
    `impl A {\n  fn status() {\n    match self {\n${fill('      Self::A_B => StatusCode::NOT_FOUND,\n')}`,
  ],
  ['classes', fill('class A_B(E):\n    code = "a_b"\n    status = 404\n')],
  ['open brackets of a program', `package a\n${fill('a_b({[\n')}`],
  ['terms and gaps', fill('a_b   no such thing\n')],
  ['drawn rows', `+----+\n${fill('| a_b | 404 |\n| | |\n')}`],
  ['blocks that never end', fill('[block:parameters]\n{"data": {\n')],
  ['XML', `<?xml version="1.0"?>${fill('<error code="a_b" status="404">')}`],
  ['spaces', fill(`code${' '.repeat(9000)}x\n`)],
]
