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
