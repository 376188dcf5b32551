import { expect, test } from 'vitest'
import { importPage } from '../../../services/catalog/import/import-page.ts'

// A sentence before a list that says the status of all in it, and sentences that only sound like one.

const RULES = [
  'All of these come with HTTP status 422, except where noted.',
  'Unless noted otherwise, errors have status 422.',
  'Unless stated otherwise, the HTTP status is 422.',
  'Each of the following is returned with a 422 status.',
  'The HTTP status is always 422.',
  'Every failure is answered with 422 Unprocessable Entity.',
  'By default the status is 422.',
  'They all have HTTP status 422.',
  'Errors are always sent with HTTP 422; the exceptions are marked.',
  'Alle Fehler kommen mit HTTP-Status 422, wenn nichts anderes dasteht.',
  'Toutes les erreurs ci-dessous ont le statut 422.',
  'Todos los errores llevan el estado 422.',
]
const NO_RULES = [
  'All requests without a key fail with HTTP 422.',
  'Every call that names no seat gets an error with status 422.',
  'Any 422 error can be shown to the user.',
  'Every HTTP 422 error is logged.',
]

/** The section between keeps the sentence from being the list's own introduction. */
const statusesUnder = (sentence: string) => {
  const page = `# Errors

${sentence}

## Booking

- \`SEAT_GONE\`: The seat is sold.
- \`ROW_SHUT\`: The row is closed (HTTP 409).
- \`HALL_DARK\`: There is no light.
`
  const read = importPage(Buffer.from(page))
  if ('problem' in read) throw new Error(read.problem)
  return read.codes.map(({ code, http }) => `${code} ${http}`.trim())
}

test.each(RULES)('%s', (sentence) => {
  expect(statusesUnder(sentence)).toEqual(['SEAT_GONE 422', 'ROW_SHUT 409', 'HALL_DARK 422'])
})

test.each(NO_RULES)('%s', (sentence) => {
  expect(statusesUnder(sentence)).toEqual(['SEAT_GONE', 'ROW_SHUT 409', 'HALL_DARK'])
})

test('a sentence that an endpoint answers with a status holds for headings that are nothing but codes', () => {
  const page = `# Errors

## Cards

If the card cannot be charged, the API answers with a \`402 Payment Required\` error. There are several reasons.

### card_lapsed

The card has expired.

### card_blocked

The bank refuses. This one has HTTP status 403.

## Logging in

Calls without a key fail with 401. Calls with a wrong one fail with 403.

### key_gone

The key was removed.

### key_old

There is a newer one.
`
  const read = importPage(Buffer.from(page))
  if ('problem' in read) throw new Error(read.problem)
  expect(read.codes.map(({ code, http }) => `${code} ${http}`)).toEqual([
    'card_lapsed 402',
    'card_blocked 403',
    'key_gone ',
    'key_old ',
  ])
})
