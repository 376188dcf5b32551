import { describe, expect, test } from 'vitest'
import { type Fact, LAYOUTS, page, spelledUpper, VENDORS } from './layouts.ts'
import { BY_CONSTANT, SOURCES, WHOLE, WITHOUT_NUMBERS } from './layouts-of-sources.ts'
import { scorePage } from './score.ts'

const wrongIn = (name: string, text: string, facts: readonly Fact[]) =>
  scorePage({
    name,
    bytes: Buffer.from(text),
    expected: facts.map(({ code, http, retry }) => ({
      code,
      http: String(http),
      retry: retry === null ? '-' : retry ? 'yes' : 'no',
    })),
  }).wrong

describe.each(Object.entries(LAYOUTS))('%s', (layout, render) => {
  test.each(Object.entries(VENDORS))('%s codes', (vendor, facts) => {
    expect(wrongIn(`${layout}, ${vendor}`, page(render(facts)), facts)).toEqual([])
  })
})

describe.each(Object.entries(SOURCES))('%s', (source, render) => {
  const vendors = Object.entries(VENDORS).filter(
    ([vendor]) => vendor !== 'numeric' || !WITHOUT_NUMBERS.has(source),
  )
  test.each(vendors)('%s codes', (vendor, facts) => {
    const text = WHOLE.has(source) ? render(facts) : page(render(facts))
    const named = facts.map((fact) =>
      BY_CONSTANT.has(source) ? { ...fact, code: spelledUpper(fact.code) } : fact,
    )
    expect(wrongIn(`${source}, ${vendor}`, text, named)).toEqual([])
  })
})
