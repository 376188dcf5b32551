import { expect, test } from 'vitest'
import { importPage } from '../../../services/catalog/import/import-page.ts'

const codesOf = (page: string) => {
  const read = importPage(Buffer.from(page))
  if ('problem' in read) throw new Error(read.problem)
  return read.codes.map(({ code }) => code)
}

test('bold names under a sentence with a status are no codes unless it announces them', () => {
  const page = `# Guide

Errors come with HTTP 400.

**page_size** Sets how many.

**sort-order** Either way.

**FooBar** Is our product.
`
  expect(codesOf(page)).toEqual([])
})

test('fields of an error are no codes', () => {
  const page = `# Errors

Sent with HTTP 400. The fields are:

**error_kind** Kind of the error.

**help_link** Url of a page.
`
  expect(codesOf(page)).toEqual([])
})

test('what stands beside the errors of a JSON listing is no code', () => {
  const listing = {
    errors: [{ code: 'SEAT_GONE', status: 409, text: 'Sold.' }],
    topics: [{ name: 'ORDER_PAID', title: 'Paid' }],
  }
  expect(codesOf(JSON.stringify(listing))).toEqual(['SEAT_GONE'])
})

test('statuses in two columns, by number and by name, are no codes', () => {
  const page = `# Errors

Error | Code | Status
--- | --- | ---
The ship is unknown | 404 | NOT FOUND
The berth is taken | 409 | CONFLICT
The call is wrong | 422 | UNPROCESSABLE ENTITY
`
  expect(codesOf(page)).toEqual([])
})

test('keys of a body that a list explains are no codes', () => {
  const page = `# Errors

\`\`\`json
{"code": "berth_taken", "message": "taken", "status": 409, "error_ref": "H-12", "watch_number": 3}
\`\`\`

- \`error_ref\`: for the harbour master
- \`watch_number\`: who was on duty
`
  expect(codesOf(page)).toEqual(['berth_taken'])
})

test('codes of sockets, countries and currencies are no error codes', () => {
  const page = `# Errors

| Error code | Status |
| --- | --- |
| BERTH_TAKEN | 409 |
| SHIP_UNKNOWN | 404 |

## WebSocket close codes

| Close code | When |
| --- | --- |
| 1000 | The stream has ended |
| 1011 | The harbour has a fault |
`
  expect(codesOf(page)).toEqual(['BERTH_TAKEN', 'SHIP_UNKNOWN'])
})

test('steps of instructions are no codes', () => {
  const page = `Errors

1
Read the body.

2
Look the code up.

3
Write to us.

4
Wait.
`
  expect(codesOf(page)).toEqual([])
})

test('constants of a module are codes where most are names of what went wrong', () => {
  const faults = `# -*- coding: utf8 -*-
API_VERSION = '2025-06'
SERVICE = 'cloud-tickets'

AUTHFAILURE = 'AuthFailure'
INVALIDPARAMETER = 'InvalidParameter'
LIMITEXCEEDED = 'LimitExceeded'
RESOURCENOTFOUND = 'ResourceNotFound'
RESOURCEINUSE = 'ResourceInUse'
UNSUPPORTEDREGION = 'UnsupportedRegion'
`
  const events = `PAYMENT_CREATED = 'payment.created'
PAYMENT_FAILED = 'payment.failed'
PAYMENT_SETTLED = 'payment.settled'
REFUND_CREATED = 'refund.created'
REFUND_FAILED = 'refund.failed'
KEY_CREATED = 'key.created'
KEY_EXPIRED = 'key.expired'
`
  expect(codesOf(faults)).toEqual([
    'AuthFailure',
    'InvalidParameter',
    'LimitExceeded',
    'ResourceNotFound',
    'ResourceInUse',
    'UnsupportedRegion',
  ])
  expect(codesOf(events)).toEqual([])
})
