import type { LookupAnswer } from '../api/lookup-answer.ts'
import type { AttemptRow } from '../store/queries/lookup.ts'
import { indented, labelled } from './labelled.ts'
import { duration } from './numbers.ts'
import { paint, plain } from './terminal.ts'

// For somebody with a customer on the line: first what happened and what to say, then the attempts.

export function lookupText({ request_id, verdict, attempts }: LookupAnswer): string {
  const succeeded = verdict.ended === 'succeeded'
  return [
    `${paint(succeeded ? ['green', 'bold'] : ['red', 'bold'], succeeded ? 'SUCCEEDED' : 'FAILED')}  ${plain(request_id)}`,
    ...(verdict.code === null ? [] : [codeLine(verdict)]),
    '',
    ...labelled('means', verdict.meaning),
    ...labelled('retry?', verdict.retry_advice),
    ...(succeeded ? [] : labelled('do', verdict.action)),
    ...labelled('tell them', verdict.reply),
    ...labelled('docs', verdict.docs),
    '',
    paint(
      'dim',
      `${attempts.length === 1 ? 'One attempt' : `${attempts.length} attempts, oldest first`} (UTC)`,
    ),
    ...attempts.flatMap((row) => attemptText(row, attempts[0])),
  ].join('\n')
}

const codeLine = ({ code, status, provider, standing, has_catalog }: LookupAnswer['verdict']) =>
  [
    `${paint('bold', plain(code || 'no code'))}${status ? ` (HTTP ${status})` : ''}`,
    plain(provider),
    ...(standing === null || standing === 'known'
      ? []
      : [paint('yellow', standing === 'unknown' && !has_catalog ? 'no catalog for this API yet' : standing)]),
  ].join(' · ')

function attemptText(row: AttemptRow, first: AttemptRow): string[] {
  const failed = !row.succeeded
  const time = `${row.ts.slice(0, 10)} ${row.ts.slice(11, 23)}`
  const after = row === first ? '' : ` +${duration(Date.parse(row.ts) - Date.parse(first.ts))}`
  const result = failed ? plain(row.code || 'no code') : 'succeeded'
  const what = [row.method, row.route].filter(Boolean).join(' ')
  const where = row.side === 'client' ? `${row.service} called ${row.provider}` : `${row.service} answered`
  const waited = row.retry_after_ms === null ? '' : `, asked to wait ${duration(row.retry_after_ms)}`
  return [
    '',
    `${time}${paint('dim', after)}  ${row.attempt === 0 ? 'first try' : `retry ${row.attempt}`}`,
    `  ${paint(failed ? 'red' : 'green', `${row.status || ''} ${result}`.trim())}`,
    ...indented('  ', 2, plain(`${where}${what && `: ${what}`}, ${duration(row.duration_ms)}${waited}`)),
    ...(row.message ? indented('  ', 2, paint('dim', `“${plain(row.message)}”`)) : []),
  ]
}
