import { describe, expect, test } from 'vitest'
import { LAYOUTS, page, VENDORS } from './layouts.ts'
import { scorePage } from './score.ts'

describe.each(Object.entries(LAYOUTS))('%s', (layout, render) => {
  test.each(Object.entries(VENDORS))('%s codes', (vendor, facts) => {
    const expected = facts.map(({ code, http, retry }) => ({
      code,
      http: String(http),
      retry: retry === null ? '-' : retry ? 'yes' : 'no',
    }))
    const name = `${layout}, ${vendor}`
    expect(scorePage({ name, bytes: Buffer.from(page(render(facts))), expected }).wrong).toEqual([])
  })
})
