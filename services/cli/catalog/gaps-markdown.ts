import type { Gaps } from '../../api/gaps.ts'
import { number } from '../text/numbers.ts'
import { plain } from '../text/terminal.ts'

/** For a terminal, an issue or a pull request. */
export function gapsMarkdown({ unknown, mismatched, never_seen, totals }: Gaps): string {
  return [
    `## Not documented: ${number(totals.unknown)}`,
    ...table(
      ['code', 'provider', 'status', 'count', 'first seen', 'by', 'example', 'retry, guessed'],
      unknown.map((gap) => [
        code(gap.code),
        gap.has_catalog ? gap.provider : `${gap.provider} (no catalog)`,
        statusesOf(gap),
        number(gap.count),
        day(gap.first_seen),
        `${gap.first_service} ${gap.first_version}`.trim(),
        gap.request_id === null ? '' : code(gap.request_id),
        gap.guess.retry,
      ]),
    ),
    '',
    `## With another status than documented: ${number(totals.mismatched)}`,
    ...table(
      ['code', 'provider', 'documented', 'seen', 'count', 'first seen', 'by', 'example'],
      mismatched.map((gap) => [
        code(gap.code),
        gap.provider,
        gap.http.join(' '),
        statusesOf(gap),
        number(gap.count),
        day(gap.first_seen),
        `${gap.first_service} ${gap.first_version}`.trim(),
        gap.request_id === null ? '' : code(gap.request_id),
      ]),
    ),
    '',
    `## Documented and not seen: ${number(totals.never_seen)}`,
    ...table(
      ['code', 'provider', 'status'],
      never_seen.map((gap) => [
        `${code(gap.code)}${gap.deprecated ? ' (deprecated)' : ''}`,
        gap.provider,
        gap.http.join(' '),
      ]),
    ),
  ].join('\n')
}

function table(titles: string[], rows: string[][]): string[] {
  if (rows.length === 0) return []
  const line = (cells: string[]) => `| ${cells.map(cell).join(' | ')} |`
  return ['', line(titles), `|${' --- |'.repeat(titles.length)}`, ...rows.map(line)]
}

/** Whatever somebody sent as a code stays in its cell, and is text there. */
const cell = (text: string): string => plain(text).replace(/[\\|]/g, '\\$&').replace(/</g, '&lt;')
const code = (text: string): string => (text.includes('`') ? text.replace(/`/g, '\\`') : `\`${text}\``)
const day = (time: string): string => time.slice(0, 10)
const statusesOf = ({ statuses }: { statuses: { status: number }[] }): string =>
  statuses.map(({ status }) => status || '–').join(' ')
