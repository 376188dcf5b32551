import { type Fact, spelledUpper } from './layouts.ts'

// The same codes as programs, data and tools keep them: what people paste where there is no page.

const each = (all: Fact[], one: (fact: Fact, at: number) => string, between = '\n'): string =>
  all.map(one).join(between)
const yes = ({ retry }: Fact): string => (retry === null ? '' : retry ? 'yes' : 'no')
const bool = ({ retry }: Fact): string => (retry === null ? 'null' : String(retry))
const sentence = ({ retry }: Fact): string =>
  retry === null ? '' : retry ? ' Retry with backoff.' : ' Do not retry.'
/** How a program names what it cannot name by the code itself. */
const constant = (fact: Fact): string => spelledUpper(fact.code)

export const SOURCES: Readonly<Record<string, (all: Fact[]) => string>> = {
  'YAML list': (all) =>
    `errors:\n${each(all, (f) => `  - code: "${f.code}"\n    http_status: ${f.http}\n    message: ${f.meaning}${f.retry === null ? '' : `\n    retryable: ${bool(f)}`}`)}`,
  'YAML map': (all) =>
    `errors:\n${each(all, (f) => `  "${f.code}":\n    status: ${f.http}\n    description: "${f.meaning}"${f.retry === null ? '' : `\n    retryable: ${bool(f)}`}`)}`,
  TOML: (all) =>
    each(
      all,
      (f) =>
        `[errors."${f.code}"]\nstatus = ${f.http}\ndescription = "${f.meaning}"${f.retry === null ? '' : `\nretryable = ${bool(f)}`}`,
      '\n\n',
    ),
  'TOML list': (all) =>
    each(
      all,
      (f) =>
        `[[errors]]\ncode = "${f.code}"\nhttp_status = ${f.http}\nmessage = "${f.meaning}"${f.retry === null ? '' : `\nretryable = ${bool(f)}`}`,
      '\n\n',
    ),
  JSONC: (all) =>
    `{\n  // what our API answers\n  "errors": [\n${each(all, (f) => `    { "code": "${f.code}", "status": ${f.http}, "message": "${f.meaning}"${f.retry === null ? '' : `, "retryable": ${bool(f)}`} },`)}\n  ]\n}`,
  'JSON lines': (all) =>
    each(
      all,
      (f) =>
        `{"code": "${f.code}", "status": ${f.http}, "message": "${f.meaning}"${f.retry === null ? '' : `, "retryable": ${bool(f)}`}}`,
    ),
  SQL: (all) =>
    `INSERT INTO api_errors (code, http_status, description, retryable) VALUES\n${each(all, (f) => `  ('${f.code}', ${f.http}, '${f.meaning}', ${bool(f).toUpperCase()})`, ',\n')};`,
  semicolons: (all) =>
    `code;http_status;retryable;description\n${each(all, (f) => `${f.code};${f.http};${yes(f)};"${f.meaning}"`)}`,
  'TypeScript object': (all) =>
    `\`\`\`ts\nexport const ERRORS = {\n${each(all, (f) => `  // ${f.meaning}${sentence(f)}\n  '${f.code}': { status: ${f.http}${f.retry === null ? '' : `, retryable: ${bool(f)}`} },`)}\n} as const\n\`\`\``,
  'TypeScript object without a fence': (all) =>
    `export const ERRORS = {\n${each(all, (f) => `  '${f.code}': { status: ${f.http}, message: '${f.meaning}'${f.retry === null ? '' : `, retryable: ${bool(f)}`} },`)}\n}`,
  'Java enum': (all) =>
    `public enum ApiError {\n${each(all, (f) => `  /** ${f.meaning}${sentence(f)} */\n  ${constant(f)}("${f.code}", ${f.http}),`)}\n  ;\n}`,
  'Python constants': (all) =>
    `class ErrorCode(str, Enum):\n${each(all, (f) => `    ${constant(f)} = "${f.code}"  # HTTP ${f.http}: ${f.meaning}${sentence(f)}`)}`,
  'Go constants': (all) =>
    `\`\`\`go\nconst (\n${each(all, (f) => `\t// ${f.meaning} (HTTP ${f.http}).${sentence(f)}\n\tErr${constant(f)} = "${f.code}"`)}\n)\n\`\`\``,
  'RST simple table': (all) =>
    `${'='.repeat(30)}  ======  ${'='.repeat(50)}  =========\n${'Code'.padEnd(30)}  Status  ${'Description'.padEnd(50)}  Retryable\n${'='.repeat(30)}  ======  ${'='.repeat(50)}  =========\n${each(all, (f) => `${f.code.padEnd(30)}  ${f.http}     ${f.meaning.padEnd(50)}  ${yes(f)}`.trimEnd())}\n${'='.repeat(30)}  ======  ${'='.repeat(50)}  =========`,
  'MediaWiki table': (all) =>
    `{| class="wikitable"\n! Code !! HTTP !! Description !! Retry?\n${each(all, (f) => `|-\n| <code>${f.code}</code> || ${f.http} || ${f.meaning} || ${yes(f) || '–'}`)}\n|}`,
  'MediaWiki cells on lines': (all) =>
    `{| class="wikitable"\n|-\n! Code\n! HTTP\n! Description\n! Retry?\n${each(all, (f) => `|-\n| ${f.code}\n| ${f.http}\n| ${f.meaning}\n| ${yes(f) || '–'}`)}\n|}`,
  'Confluence table': (all) =>
    `||Code||HTTP||Description||Retry||\n${each(all, (f) => `|{{${f.code}}}|${f.http}|${f.meaning}|${yes(f) || '-'}|`)}`,
  'org table': (all) =>
    `| Code | HTTP | Description | Retry |\n|------+------+-------------+-------|\n${each(all, (f) => `| =${f.code}= | ${f.http} | ${f.meaning} | ${yes(f)} |`)}`,
  'protobuf enum': (all) =>
    `enum ErrorCode {\n  ERROR_CODE_UNSPECIFIED = 0;\n${each(all, (f, at) => `  // ${f.meaning} HTTP status: ${f.http}.${sentence(f)}\n  ${constant(f)} = ${at + 1};`)}\n}`,
  'help text': (all) =>
    `Errors:\n${each(all, (f) => `  ${f.code.padEnd(28)} HTTP ${f.http}  ${f.meaning}${sentence(f)}`)}`,
  'nested items': (all) =>
    each(
      all,
      (f) =>
        `- \`${f.code}\`\n  - Status: ${f.http}\n  - ${f.meaning}${f.retry === null ? '' : `\n  - Retry: ${yes(f)}`}`,
    ),
  'key and value blocks': (all) =>
    each(
      all,
      (f) =>
        `Code: ${f.code}\nHTTP status: ${f.http}\nDescription: ${f.meaning}${f.retry === null ? '' : `\nRetryable: ${yes(f)}`}`,
      '\n\n',
    ),
  quoted: (all) =>
    each(all, (f) => `> **${f.code}** (HTTP ${f.http})\n>\n> ${f.meaning}${sentence(f)}`, '\n\n'),
  XML: (all) =>
    `<?xml version="1.0"?>\n<errors>\n${each(all, (f) => `  <error code="${f.code}" httpStatus="${f.http}"${f.retry === null ? '' : ` retryable="${bool(f)}"`}>${f.meaning}</error>`)}\n</errors>`,
  'XML elements': (all) =>
    `<?xml version="1.0"?>\n<errors>\n${each(all, (f) => `  <error>\n    <code>${f.code}</code>\n    <httpStatus>${f.http}</httpStatus>\n    <description>${f.meaning}</description>${f.retry === null ? '' : `\n    <retryable>${bool(f)}</retryable>`}\n  </error>`)}\n</errors>`,
  'GraphQL enum': (all) =>
    `enum ErrorCode {\n${each(all, (f) => `  """\n  ${f.meaning} HTTP ${f.http}.${sentence(f)}\n  """\n  ${constant(f)}\n`)}\n}`,
  'a legend of letters': (all) =>
    `| Code | HTTP | Kind | Description |\n|---|---|---|---|\n${each(all, (f) => `| ${f.code} | ${f.http} | ${f.retry === null ? 'U' : f.retry ? 'T' : 'P'} | ${f.meaning} |`)}\n\nT = transient, retry with backoff. P = permanent, do not retry. U = unknown.`,
  'a legend of symbols': (all) =>
    `🔁 retry with backoff · ⛔ do not retry\n\n| Code | HTTP | | Description |\n|---|---|---|---|\n${each(all, (f) => `| ${f.code} | ${f.http} | ${f.retry === null ? '' : f.retry ? '🔁' : '⛔'} | ${f.meaning} |`)}`,
  'severities explained in a table': (all) =>
    `| Severity | What to do |\n|---|---|\n| Soft | Retry with exponential backoff. |\n| Hard | Do not retry. |\n| Open | Look into it. |\n\n| Severity | Code | HTTP | Description |\n|---|---|---|---|\n${each(all, (f) => `| ${f.retry === null ? 'Open' : f.retry ? 'Soft' : 'Hard'} | \`${f.code}\` | ${f.http} | ${f.meaning} |`)}`,
  'tables under retrying': (all) =>
    [true, false, null]
      .map(
        (retry) =>
          `## ${retry === null ? 'Other' : retry ? 'Retryable' : 'Non-retryable'} errors\n\n| Code | HTTP | Description |\n|---|---|---|\n${all
            .filter((f) => f.retry === retry)
            .map((f) => `| ${f.code} | ${f.http} | ${f.meaning} |`)
            .join('\n')}`,
      )
      .join('\n\n'),
  'one row a status': (all) =>
    `| HTTP | Codes |\n|---|---|\n${[...new Set(all.map(({ http }) => http))]
      .map(
        (http) =>
          `| ${http} | ${all
            .filter((f) => f.http === http)
            .map((f) => `\`${f.code}\`: ${f.meaning}${sentence(f)}`)
            .join('<br>')} |`,
      )
      .join('\n')}`,
}

/** Documents of their own; the others stand on a page. */
export const WHOLE = new Set(
  `YAML list|YAML map|TOML|TOML list|JSONC|JSON lines|SQL|semicolons|TypeScript object without a fence|Java enum|
  |Python constants|protobuf enum|XML|XML elements|GraphQL enum`.split(/\|\s*/),
)
/** These have no strings: the names of constants are the codes. */
export const BY_CONSTANT = new Set(['protobuf enum', 'GraphQL enum'])
/** Numbers are no names of constants, and beside words they are no codes. */
export const WITHOUT_NUMBERS = new Set([
  ...BY_CONSTANT,
  'Java enum',
  'Python constants',
  'Go constants',
  'help text',
])
