import { expect, test } from 'vitest'
import { imported } from './score.ts'

// A word beside a code that names an entry elsewhere on the page: the entry's status and word on retrying are the code's.

const facts = (page: string) =>
  imported(page).codes.map(
    ({ code, http, retry, retry_is }) => `${code} ${http.join()} ${retry_is === 'stated' ? retry : '-'}`,
  )
const CODES = `| Error code | Class | Meaning |
|---|---|---|
| \`SEAT_GONE\` | B | Sold. |
| \`HALL_DARK\` | A | There is no light. |
| \`ROW_SHUT\` | B | Closed. |
| \`CREW_LATE\` | A | Nobody is there. |
`
const READ = ['SEAT_GONE 409 never', 'HALL_DARK 503 backoff', 'ROW_SHUT 409 never', 'CREW_LATE 503 backoff']

const LEGENDS: Record<string, string> = {
  'a table below': `| Class | HTTP | Retry |
|---|---|---|
| A | 503 | Yes, with backoff |
| B | 409 | No |
`,
  'a table in another order': `| Retry | Status code | Letter |
|---|---|---|
| Retry with exponential backoff. | 503 | A |
| Do not retry. | 409 | B |
`,
  'a table with names': `| Class | Name | HTTP | What to do |
|---|---|---|---|
| A | Weather | 503 | Retry with backoff. |
| B | Booking | 409 | Don't retry. |
`,
  'a list': `- **A**: HTTP 503. Retry with backoff.
- **B**: HTTP 409. Do not retry.
`,
  'a list with statuses in brackets': `* \`A\` – of the house (HTTP 503); retry with backoff
* \`B\` – of the guest (HTTP 409); do not retry
`,
}

test.each(Object.entries(LEGENDS))('classes in %s', (_, legend) => {
  expect(facts(`# Errors\n\n${CODES}\n## Classes\n\n${legend}`)).toEqual(READ)
  expect(facts(`# Errors\n\n## Classes\n\n${legend}\n## Codes\n\n${CODES}`)).toEqual(READ)
})

test('the status beside a code is its own', () => {
  const page = `# Errors

| Code | HTTP | Severity |
|---|---|---|
| \`SEAT_GONE\` | 409 | lasting |
| \`ROW_SHUT\` | 423 | lasting |
| \`HALL_DARK\` | 503 | passing |

| Severity | HTTP | Retry |
|---|---|---|
| lasting | 400 | no |
| passing | 500 | yes |
`
  expect(facts(page)).toEqual(['SEAT_GONE 409 never', 'ROW_SHUT 423 never', 'HALL_DARK 503 backoff'])
})

test('a footnote says the status where the page has one for all the others', () => {
  const page = `# Errors

All errors come with HTTP 400 unless a note says otherwise.

## Booking

| Code | Meaning |
|---|---|
| \`SEAT_GONE\`[^1] | Sold. |
| \`ROW_UNKNOWN\` | No such row. |
| \`HALL_DARK\`[^2] | There is no light. |

[^1]: HTTP status 409.
[^2]: HTTP status 503. Retry later.
`
  expect(facts(page)).toEqual(['SEAT_GONE 409 -', 'ROW_UNKNOWN 400 -', 'HALL_DARK 503 later'])
})

test('a field of a JSON listing names an entry of another', () => {
  const errors = [
    { code: 'SEAT_GONE', class: 'guest', text: 'Sold.' },
    { code: 'HALL_DARK', class: 'house', text: 'There is no light.' },
  ]
  const guest = { status: 409, advice: 'Do not retry.' }
  const house = { status: 503, advice: 'Retry with backoff.' }
  const asMap = { errorClasses: { guest, house }, errors }
  const asList = {
    errors,
    classes: [
      { name: 'guest', ...guest },
      { name: 'house', ...house },
    ],
  }
  for (const document of [asMap, asList])
    expect(facts(JSON.stringify(document))).toEqual(['SEAT_GONE 409 never', 'HALL_DARK 503 backoff'])
})

test('an enum of errors takes the status of its section; another enum has no codes', () => {
  const page = `# Errors

## Of bookings

All errors of bookings come with HTTP status 200.

\`\`\`graphql
enum BookingErrorCode {
  "The seat is sold"
  SEAT_GONE
  "More than 500 rows"
  ROW_SHUT
  HALL_DARK
}
enum SeatOrder { FRONT_FIRST BACK_FIRST }
enum SeatState {
  SEAT_FREE
  SEAT_TAKEN
  SEAT_BROKEN
}
\`\`\`
`
  expect(facts(page)).toEqual(['SEAT_GONE 200 -', 'ROW_SHUT 200 -', 'HALL_DARK 200 -'])
})
