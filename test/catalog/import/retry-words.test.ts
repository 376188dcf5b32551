import { expect, test } from 'vitest'
import { importPage } from '../../../services/catalog/import/import-page.ts'
import { retryOfCell, retryOfText } from '../../../services/catalog/import/words/retry-words.ts'

const NO = [
  'Do not attempt the call again.',
  'A second message changes nothing; sending it again changes nothing either.',
  'Please refrain from retrying.',
  'It is not worth retrying.',
  'An unchanged retry fails.',
  'Further attempts will be refused.',
  'It keeps failing until the bill is paid.',
  'Give up.',
  "Don't call again.",
  'Do not send it again.',
  'The message must not be sent again.',
  'Never resend.',
  "Retrying won't help.",
  'Retries are futile.',
  'There is no point in trying again.',
  'A retry will fail as well.',
  'The same request will fail again.',
  'Repeating it leads to the same error.',
  'It makes no sense to repeat the call.',
  'This is permanent.',
  'Permanent failure; give up.',
  'Not retryable.',
  'Non-retryable error.',
  'Must not be retried.',
  'This error should not be retried.',
  'Clients should not retry.',
  'You should not retry this request.',
  'Trying again is useless.',
  'Stop retrying.',
  'Please do not retry automatically.',
  'No retry.',
  "Don't bother retrying.",
  "Don't resubmit.",
  'Resubmitting will not succeed.',
  'Fix the request before sending it again.',
  'Fix the request first; sending it again gives the same error.',
  'Correct the body before you retry.',
  'It cannot be retried.',
  'Retry is not possible.',
  'Retry: never',
  'An identical request will always fail.',
  'Contact us.',
  'Upgrade the plan.',
  'Create a new key.',
  'Get in touch with support.',
  'Ask your administrator for access.',
  'Buy more credits.',
  'Retrying without changes fails again.',
  'Verzoeken mogen niet ongewijzigd worden herhaald.',
  '请勿使用原请求重试。',
  '다시 요청하지 마세요.',
  'Bitte wenden Sie sich an den Vertrieb.',
  'Update the payment method to resume it.',
  'Request will not succeed until the account is upgraded.',
]
const YES = [
  'Verzoeken mogen later opnieuw worden verstuurd.',
  'Vraag een nieuw token aan en herhaal het verzoek.',
  '토큰을 갱신한 뒤 다시 요청하세요.',
  'Wait a moment and request the URL again.',
  'Keep polling at the given interval.',
  'Safe to retry.',
  'You may retry.',
  'Try again in a minute.',
  'Please try again later.',
  'Wait a moment and send the request again.',
  'Wait until the time in X-RateLimit-Reset.',
  'Retry with exponential backoff.',
  'Can be retried.',
  'Send it again after 5 seconds.',
  'Back off and retry.',
  'Resend the request once.',
  'The request can safely be repeated.',
  'Transient; retry.',
  'A retry usually succeeds.',
  'Retrying usually helps.',
  'Retry after the number of seconds in Retry-After.',
  'Repeat the call after a second.',
  'You can try this again.',
  'Please wait and try once more.',
  'Refresh the token and repeat the call.',
  'Slow down and try again.',
  'Just try again.',
  'Wait ten seconds before the next attempt.',
  'Attempt the request again shortly.',
  'The call may be made again.',
  'Simply resend.',
  'This is transient.',
  'Re-run the request.',
  'The call can be attempted again.',
  'Read the berth again and retry with the new version.',
  'Call again in an hour.',
  'Retry immediately.',
  'It usually works on the second attempt.',
  'Temporary. Clients should retry with an increasing delay.',
]
const SILENT = [
  'The field is repeated.',
  'The order was sent already.',
  'The token has expired.',
  'Too many attempts.',
  'The card was declined.',
  'A retry of this payment is already running.',
  'Use another card and try again.',
  'The maximum number of retries was reached.',
  'We retried three times.',
  'See the section on retries.',
  'Read our retry guide.',
]

test.each(NO)('%s: no', (text) => {
  expect(retryOfText(text)?.said).toBe('never')
})

test.each(YES)('%s: yes', (text) => {
  expect(['yes', 'after_wait', 'backoff', 'once', 'after_reauth', 'later']).toContain(retryOfText(text)?.said)
})

test.each(SILENT)('%s: says nothing on sending again', (text) => {
  expect(retryOfText(text)).toBeNull()
})

test.each([
  'After correction',
  'The caller must change the body',
  'Manual',
  'Unsafe',
  'Pointless',
  'Discouraged',
  'Hard',
  'Abort',
  '0',
  'F',
])('%s in a column about retrying: no', (cell) => {
  expect(retryOfCell(cell)).toBe('never')
})

test.each([
  'At once',
  'Only once',
  'Up to 3 times',
  '3x',
  '60 s',
  'In 5 min',
  'Tomorrow',
  'Soft',
  'Permitted',
  'Only with the same key',
  '1',
  'T',
  '+',
])('%s in a column about retrying: yes', (cell) => {
  expect(['yes', 'conditional', 'after_wait', 'backoff', 'once', 'later']).toContain(retryOfCell(cell))
})

test.each(['Not applicable', '—', 'n/a'])('%s in a column about retrying: nothing', (cell) => {
  expect(retryOfCell(cell)).toBeNull()
})

test('records of labelled lines that say nothing of a status, but whether to send again', () => {
  const record = (at: number) =>
    `Code: LANE_${at}_SHUT\nMessage: The lane is shut.\nRetryable: ${at % 2 ? 'no' : 'yes'}\n`
  const read = importPage(
    Buffer.from(`# Errors\n\n${Array.from({ length: 40 }, (_, at) => record(at)).join('\n')}`),
  )
  if ('problem' in read) throw new Error(read.problem)
  expect(read.codes.map(({ retryable, retry_is }) => `${retryable} ${retry_is}`)).toEqual(
    Array.from({ length: 40 }, (_, at) => `${at % 2 === 0} stated`),
  )
})
