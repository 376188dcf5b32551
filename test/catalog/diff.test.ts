import { describe, expect, test } from 'vitest'
import { diffCatalogs } from '../../services/catalog/diff.ts'
import { saysTheSame } from '../../services/catalog/same-meaning.ts'
import { catalogSchema } from '../../services/catalog/schema.ts'

const NOW = new Date('2026-11-21T12:00:00Z')

interface Written {
  provider?: string
  [field: string]: unknown
}
const catalog = (codes: Record<string, unknown>[], rest: Written = {}) =>
  catalogSchema.parse({ provider: 'shop', codes, ...rest })

const lines = (before: ReturnType<typeof catalog>[], after: ReturnType<typeof catalog>[]) =>
  diffCatalogs(before, after, NOW).map(
    ({ level, provider, code, message }) => `${level} ${provider} ${code}: ${message}`,
  )

const BEFORE = {
  code: 'LOCKED',
  http: [409],
  retry: 'backoff',
  class: 'conflict',
  meaning: 'Another request holds the lock on this order.',
}
/** One entry becomes another. */
const becomes = (after: object, before: object = BEFORE) =>
  lines([catalog([{ ...before }])], [catalog([{ ...BEFORE, ...after }])]).map((line) =>
    line.replace('shop LOCKED: ', ''),
  )

describe('breaks', () => {
  test('nothing, where nothing changed', () => {
    expect(becomes({})).toEqual([])
  })

  test('a code that was removed', () => {
    expect(lines([catalog([BEFORE])], [catalog([])])).toEqual([
      'break shop LOCKED: was removed: deprecate it instead; codes are permanent',
    ])
  })

  test('another status, retry, class', () => {
    expect(becomes({ http: [423] })).toEqual(['break status changed from 409 to 423'])
    expect(becomes({ http: [409, 423] })).toEqual(['break status changed from 409 to 409, 423'])
    expect(becomes({ http: [] })).toEqual(['break status changed from 409 to none'])
    expect(becomes({ retry: 'never' })).toEqual(['break retry changed from backoff to never'])
    expect(becomes({ class: 'validation' })).toEqual(['break class changed from conflict to validation'])
  })

  test('another retry by default', () => {
    const one = (statuses: object) => catalog([], { statuses })
    expect(lines([one({ 429: { retry: 'after_wait' } })], [one({})])).toEqual([
      'break shop : retry by default for 429 changed from after_wait to none',
    ])
    // The code has no word of its own, so the default is its promise.
    const coded = (retry: string) => catalog([{ code: 'A', http: [429] }], { statuses: { 429: { retry } } })
    expect(lines([coded('after_wait')], [coded('never')])).toEqual([
      'break shop : retry by default for 429 changed from after_wait to never',
      'break shop A: retry changed from after_wait to never',
    ])
  })

  test('a code that was reused', () => {
    expect(becomes({ meaning: 'The customer is too young for wine.' })).toEqual([
      'break means something else now: “Another request holds the lock on this order.” became “The customer is too young for wine.”; make a new code of it',
    ])
  })

  test('a farewell that is too short or taken back', () => {
    expect(becomes({ deprecated: { on: '2026-12-01', until: '2027-06-01' } })).toEqual([
      'break is deprecated for less than 12 months, from 2026-12-01 to 2027-06-01: not before 2027-12-01',
    ])
    expect(becomes({ deprecated: { on: '2026-12-01', until: '2027-12-01' } })).toEqual([
      'warning is deprecated from 2026-12-01 until 2027-12-01',
    ])
    const farewell = { ...BEFORE, deprecated: { on: '2026-01-01', until: '2027-01-01' } }
    expect(becomes({}, farewell)).toEqual([
      'break was un-deprecated before its time: it was announced to end on 2027-01-01',
    ])
    const over = { ...BEFORE, deprecated: { on: '2025-01-01', until: '2026-02-01' } }
    expect(becomes({}, over)).toEqual(['warning is not deprecated any more, after its time'])
    // Without an end, it is announced for a year.
    const open = { ...BEFORE, deprecated: { on: '2026-06-01' } }
    expect(becomes({}, open)[0]).toMatch(/^break was un-deprecated before its time/)
    expect(becomes({}, { ...BEFORE, deprecated: { on: '2024-06-01' } })[0]).toMatch(/^warning/)
  })

  test('an old farewell that was always too short is not said again', () => {
    const farewell = { ...BEFORE, deprecated: { on: '2026-01-01', until: '2026-03-01' } }
    expect(becomes(farewell, farewell)).toEqual([])
  })

  test('a catalog that is gone, and a provider under another name', () => {
    const [one, two] = [catalog([BEFORE]), catalog([], { provider: 'other' })]
    expect(lines([one, two], [two])).toEqual(['break shop : the catalog is gone, with its 1 codes'])
    expect(lines([one], [catalog([{ ...BEFORE, retry: 'never' }], { provider: 'store' })])).toEqual([
      'break shop : the provider is store now: what was stored is under the former name',
      'break shop LOCKED: retry changed from backoff to never',
    ])
  })
})

describe('does no harm', () => {
  test('what is added', () => {
    expect(lines([catalog([])], [catalog([BEFORE])])).toEqual(['addition shop LOCKED: is new'])
    expect(becomes({}, { code: 'LOCKED', class: 'conflict' })).toEqual([
      'addition says its status now: 409',
      'addition retry changed from unknown to backoff',
      'addition says its meaning now',
    ])
    expect(lines([catalog([])], [catalog([]), catalog([], { provider: 'new' })])).toEqual([
      'addition new : a new catalog with 0 codes',
    ])
  })

  test('other words, another order, a host less', () => {
    expect(becomes({ meaning: 'The order is locked by another request.' })).toEqual(['warning was reworded'])
    expect(becomes({ http: [409, 409], action: 'Wait.' })).toEqual(['warning says another action'])
    const match = { hosts: ['api.shop.example'], services: [] }
    expect(lines([catalog([], { match })], [catalog([])])).toEqual([
      'warning shop : api.shop.example is not among its hosts any more',
    ])
  })
})

describe('a meaning', () => {
  test.each([
    ['RATE_LIMIT', 'Too many requests.', 'You exceeded the rate limit; slow down.'],
    ['E1', 'The token has expired.', 'Access token expiration: sign in again.'],
    ['E2', 'Payment was declined by the bank.', 'The bank declined the payment'],
    ['E3', 'リクエストが多すぎます', 'リクエストが多すぎるため、待ってください'],
    ['E4', 'Not.', 'Is.'],
  ])('%s is the same in other words', (code, before, after) => {
    expect(saysTheSame(code, before, after)).toBe(true)
  })
  test.each([
    ['E1', 'The token has expired.', 'The article is sold out.'],
    ['E2', 'Insufficient funds in the wallet.', 'The recipient does not exist.'],
    ['E3', 'カードの有効期限が切れています', '在庫なし'],
  ])('%s is another', (code, before, after) => {
    expect(saysTheSame(code, before, after)).toBe(false)
  })
})
