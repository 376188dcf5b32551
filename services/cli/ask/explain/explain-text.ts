import type { Explained } from '../../../api/explanation.ts'
import { labelled } from '../../text/labelled.ts'
import { duration } from '../../text/numbers.ts'
import { paint, plain } from '../../text/terminal.ts'

/** For somebody woken at night: what it is, what it means, whether to send it again. */
export function explainText(explained: Explained): string {
  const { code, status, provider, standing, message, request_id, wait_ms, also } = explained
  const wait = wait_ms === null ? '' : ` It asks to wait ${duration(wait_ms)}.`
  return [
    [
      `${paint('bold', plain(code ?? 'no code'))}${status === null ? '' : ` (HTTP ${status})`}`,
      provider ?? (also.length > 0 ? 'of several APIs' : 'of no API that is known'),
      ...(standing === 'known' ? [] : [paint('yellow', standing)]),
    ].join(' · '),
    '',
    ...labelled('means', explained.meaning),
    ...labelled('retry?', `${explained.retry_advice}${wait}`),
    ...labelled('do', explained.action),
    ...labelled('tell them', explained.reply),
    ...labelled('it said', message === null ? null : `“${message}”`),
    ...labelled('request', request_id),
    ...labelled('docs', explained.docs),
    ...also.flatMap(({ provider, meaning, retry }, at) =>
      labelled(at === 0 ? 'in' : '', `${provider} (retry: ${retry}): ${meaning}`),
    ),
  ].join('\n')
}
