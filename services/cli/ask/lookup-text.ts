import type { LookupAnswer } from '../../api/lookup-answer.ts'
import type { AttemptRow } from '../../store/queries/lookup.ts'
import { indented, labelled } from '../text/labelled.ts'
import { duration } from '../text/numbers.ts'
import { paint, plain } from '../text/terminal.ts'

// For somebody with a customer on the line: first what happened and what to say, then the attempts.

/** An id that is everywhere, a constant say, is thousands of calls; nobody reads on from here. */
const MOST_CALLS = 10

export function lookupText({ request_id, candidates, verdict, attempts }: LookupAnswer): string {
  if (candidates.length <= 1) return callText(plain(request_id), verdict, attempts)
  const shown = candidates.slice(-MOST_CALLS)
  const left = candidates.length > shown.length ? ` The newest ${MOST_CALLS} follow; --json has all.` : ''
  return [
    `${paint('bold', `This id belongs to ${candidates.length} different calls`)}: ${plain(request_id)}`,
    `Look which one is meant before you answer.${left}`,
    ...shown.flatMap((one, at) => {
      const { provider, service, trace_id, verdict } = one
      const trace = NO_TRACE.test(trace_id) ? '' : ` · trace ${trace_id}`
      const rows = one.positions.map((position) => attempts[position]!)
      return [
        '',
        paint('dim', `── ${candidates.length - shown.length + at + 1} of ${candidates.length} ──`),
        ...indented('', 0, plain(`${service} and ${provider}${trace}`)),
        callText(plain(request_id), verdict, rows),
      ]
    }),
  ].join('\n')
}

const NO_TRACE = /^0*$/

function callText(title: string, verdict: LookupAnswer['verdict'], attempts: AttemptRow[]): string {
  const succeeded = verdict.ended === 'succeeded'
  return [
    `${paint(succeeded ? ['green', 'bold'] : ['red', 'bold'], succeeded ? 'SUCCEEDED' : 'FAILED')}  ${title}`,
    ...(verdict.code === null ? [] : [codeLine(verdict)]),
    '',
    ...labelled('means', verdict.meaning),
    ...labelled('retry?', verdict.retry_advice),
    ...(succeeded ? [] : labelled('do', verdict.action)),
    ...labelled('tell them', verdict.reply),
    ...labelled('docs', verdict.docs),
    ...labelled('catalog', beginning(verdict)),
    '',
    paint('dim', `${attemptsTitle(attempts)} (UTC)`),
    ...attempts.flatMap((row) => attemptText(row, attempts)),
  ].join('\n')
}

/** Spans name providers, and somebody will paste the line. */
const SHELL_SAFE = /^\w[\w.-]*$/

/** How a catalog of an API that has none comes to be. */
const beginning = ({ standing, has_catalog, provider }: LookupAnswer['verdict']): string | null =>
  standing === 'unknown' && !has_catalog && SHELL_SAFE.test(provider)
    ? `none yet; telltale catalog gaps --provider ${provider} --format yaml begins one`
    : null

const codeLine = ({ code, status, provider, standing, has_catalog }: LookupAnswer['verdict']) =>
  [
    `${paint('bold', plain(code || 'no code'))}${status ? ` (HTTP ${status})` : ''}`,
    plain(provider),
    ...(standing === null || standing === 'known'
      ? []
      : [paint('yellow', standing === 'unknown' && !has_catalog ? 'no catalog for this API yet' : standing)]),
  ].join(' · ')

/** Whether it is the server's end of a try whose client's end is there too. */
const isOtherEnd = (row: AttemptRow, attempts: AttemptRow[]): boolean =>
  row.side === 'server' &&
  !/^0*$/.test(row.parent_span_id) &&
  attempts.some(
    ({ side, trace_id, span_id }) =>
      side === 'client' && span_id === row.parent_span_id && trace_id === row.trace_id,
  )

function attemptsTitle(attempts: AttemptRow[]): string {
  const twice = attempts.filter((row) => isOtherEnd(row, attempts)).length
  const tries = attempts.length - twice
  if (tries === 1) return twice === 0 ? 'One attempt' : 'One attempt, seen from both ends'
  return `${tries} attempts, oldest first${twice === 0 ? '' : `; ${twice} seen from both ends`}`
}

function attemptText(row: AttemptRow, attempts: AttemptRow[]): string[] {
  const first = attempts[0]!
  const failed = !row.succeeded
  const time = `${row.ts.slice(0, 10)} ${row.ts.slice(11, 23)}`
  const after = row === first ? '' : ` +${duration(Date.parse(row.ts) - Date.parse(first.ts))}`
  const result = failed ? plain(row.code || 'no code') : 'succeeded'
  const what = [row.method, row.route].filter(Boolean).join(' ')
  const where = row.side === 'client' ? `${row.service} called ${row.provider}` : `${row.service} answered`
  const which = isOtherEnd(row, attempts)
    ? 'the other end'
    : row.attempt === 0
      ? 'first try'
      : `retry ${row.attempt}`
  const waited = row.retry_after_ms === null ? '' : `, asked to wait ${duration(row.retry_after_ms)}`
  return [
    '',
    `${time}${paint('dim', after)}  ${which}`,
    `  ${paint(failed ? 'red' : 'green', `${row.status || ''} ${result}`.trim())}`,
    ...indented('  ', 2, plain(`${where}${what && `: ${what}`}, ${duration(row.duration_ms)}${waited}`)),
    ...(row.message ? indented('  ', 2, paint('dim', `“${plain(row.message)}”`)) : []),
  ]
}
