import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileCatalogs } from '../../services/catalog/classify.ts'
import { loadCatalogs } from '../../services/catalog/load.ts'
import { isNoAnswer } from '../../services/catalog/no-answer.ts'
import { CLASSES, isRetryable, RETRIES, STANDINGS } from '../../services/contract/vocabulary.ts'
import { classOfStatus, retryOfStatus } from '../../services/instrumentation/retry-policy/status-default.ts'
import { catalog } from './catalogs.ts'

const SHOP = catalog({
  provider: 'shop',
  title: 'Shop API',
  docs: 'https://docs.shop.example/errors',
  statuses: {
    402: { retry: 'never', meaning: 'Something about money.' },
    '5xx': { retry: 'later', class: 'maintenance' },
    503: { retry: 'once' },
  },
  codes: [
    {
      code: 'SOLD_OUT',
      http: [409, 410],
      retry: 'later',
      class: 'conflict',
      meaning: 'None left.',
      action: 'Wait.',
    },
    { code: 'ANYWHERE', retry: 'backoff', retry_is: 'derived', class: 'internal' },
    { code: 'OLD', http: [400], retry: 'never', deprecated: { on: '2026-01-01', instead: 'NEW' } },
    { code: 'BARE', http: [503] },
    { code: 'SILENT' },
    { code: '__proto__', http: [400], retry: 'never', class: 'validation' },
  ],
})
const { verdict, explain } = compileCatalogs([SHOP])
const BEFORE = Date.parse('2025-12-31T23:59:59.999Z')
const FROM = Date.parse('2026-01-01')

describe('verdict', () => {
  test.each([
    // provider, code, status → retry, standing, class
    ['a known code', 'shop', 'SOLD_OUT', 409, 'later', 'known', 'conflict'],
    ['its other status', 'shop', 'SOLD_OUT', 410, 'later', 'known', 'conflict'],
    ['another status than promised', 'shop', 'SOLD_OUT', 500, 'later', 'mismatched', 'conflict'],
    ['not seen over HTTP', 'shop', 'SOLD_OUT', 0, 'later', 'known', 'conflict'],
    ['no status promised', 'shop', 'ANYWHERE', 418, 'backoff', 'known', 'internal'],
    ['an entry that leaves it to the status', 'shop', 'BARE', 503, 'once', 'known', 'internal'],
    ['an entry that says nothing', 'shop', 'SILENT', 400, 'unknown', 'known', 'other'],
    ['another case is another code', 'shop', 'sold_out', 409, 'unknown', 'unknown', 'conflict'],
    ['undocumented, a rule for the status', 'shop', 'NEW', 402, 'never', 'unknown', 'billing'],
    ['undocumented, a rule for the hundred', 'shop', 'NEW', 500, 'later', 'unknown', 'maintenance'],
    ['undocumented, the single status wins', 'shop', 'NEW', 503, 'once', 'unknown', 'internal'],
    ['undocumented, no rule', 'shop', 'NEW', 429, 'unknown', 'unknown', 'rate_limit'],
    ['undocumented, no status', 'shop', 'NEW', 0, 'unknown', 'unknown', 'other'],
    ['uncoded, a rule', 'shop', '', 402, 'never', 'uncoded', 'billing'],
    ['uncoded, no rule', 'shop', '', 429, 'after_wait', 'uncoded', 'rate_limit'],
    ['uncoded, no status', 'shop', '', 0, 'unknown', 'uncoded', 'other'],
    ['no answer, a word of the system', 'shop', 'ECONNREFUSED', 0, 'unknown', 'uncoded', 'other'],
    ['no answer, a word of OpenTelemetry', 'shop', 'timeout', 0, 'unknown', 'uncoded', 'other'],
    ['… with a status it is a code', 'shop', 'timeout', 409, 'unknown', 'unknown', 'conflict'],
    ['a code that looks like a word of the system', 'shop', 'EXPIRED', 0, 'unknown', 'unknown', 'other'],
    ['a status no HTTP has', 'shop', '', 65535, 'unknown', 'uncoded', 'other'],
    ['no catalog at all', 'elsewhere', 'SOLD_OUT', 409, 'unknown', 'unknown', 'conflict'],
    ['no catalog, uncoded', 'elsewhere', '', 502, 'backoff', 'uncoded', 'upstream'],
    ['a code with the name of an object property', 'shop', '__proto__', 400, 'never', 'known', 'validation'],
    ['… and one without entry', 'shop', 'constructor', 400, 'unknown', 'unknown', 'validation'],
    ['a provider with such a name', '__proto__', 'toString', 400, 'unknown', 'unknown', 'validation'],
  ])('%s', (_, provider, code, status, retry, standing, errorClass) => {
    expect(verdict(provider, code, status)).toEqual({
      retry,
      retryable: isRetryable(retry as (typeof RETRIES)[number]),
      standing,
      class: errorClass,
    })
  })

  test('a code is deprecated from the day its catalog says', () => {
    expect(verdict('shop', 'OLD', 400, BEFORE).standing).toBe('known')
    expect(verdict('shop', 'OLD', 400, FROM).standing).toBe('deprecated')
    expect(verdict('shop', 'OLD', 400).standing).toBe('deprecated')
    expect(verdict('shop', 'OLD', 500, FROM).standing).toBe('mismatched')
  })

  test('equal verdicts are one object that nobody can change', () => {
    expect(verdict('shop', 'SOLD_OUT', 409)).toBe(verdict('shop', 'SOLD_OUT', 410))
    expect(Object.isFrozen(verdict('shop', '', 500))).toBe(true)
  })

  test('any input gets words of the vocabulary, and retryable follows from retry', async () => {
    const { catalogs } = await loadCatalogs([])
    const builtIn = compileCatalogs(catalogs)
    const providers = fc.oneof(fc.constantFrom(...catalogs.map(({ provider }) => provider)), fc.string())
    const codes = catalogs.flatMap((each) => each.codes.map(({ code }) => code))
    const statuses = fc.oneof(fc.integer({ min: 0, max: 599 }), fc.integer({ min: -1, max: 70000 }))
    fc.assert(
      fc.property(
        providers,
        fc.oneof(fc.constantFrom('', ...codes), fc.string()),
        statuses,
        (provider, code, status) => {
          const { retry, retryable, standing, class: errorClass } = builtIn.verdict(provider, code, status)
          expect(RETRIES).toContain(retry)
          expect(STANDINGS).toContain(standing)
          expect(CLASSES).toContain(errorClass)
          expect(retryable).toBe(isRetryable(retry))
          expect(standing === 'uncoded').toBe(code === '' || isNoAnswer(code, status))
        },
      ),
    )
  })
})

test.each([
  // status → retry, class of an error of which nothing else is known
  [0, 'unknown', 'other'],
  [200, 'unknown', 'other'],
  [400, 'never', 'validation'],
  [401, 'never', 'auth'],
  [402, 'never', 'billing'],
  [403, 'never', 'permission'],
  [404, 'never', 'not_found'],
  [408, 'backoff', 'other'],
  [409, 'never', 'conflict'],
  [410, 'never', 'not_found'],
  [422, 'never', 'validation'],
  [425, 'backoff', 'other'],
  [429, 'after_wait', 'rate_limit'],
  [500, 'backoff', 'internal'],
  [501, 'never', 'internal'],
  [502, 'backoff', 'upstream'],
  [503, 'backoff', 'internal'],
  [504, 'backoff', 'upstream'],
  [505, 'never', 'internal'],
  [529, 'backoff', 'internal'],
  [600, 'unknown', 'other'],
])('HTTP %i by itself: %s, %s', (status, retry, errorClass) => {
  expect([retryOfStatus(status), classOfStatus(status)]).toEqual([retry, errorClass])
})

describe('explain', () => {
  test('a documented code', () => {
    expect(explain('shop', 'SOLD_OUT')).toEqual({
      of: 'code',
      provider: 'shop',
      title: 'Shop API',
      docs: 'https://docs.shop.example/errors',
      meaning: 'None left.',
      action: 'Wait.',
      retry: 'later',
      retry_is: 'stated',
      class: 'conflict',
      http: [409, 410],
      since: null,
      deprecated: null,
    })
    expect(explain('shop', 'BARE')).toMatchObject({ retry: 'once', retry_is: 'derived', meaning: '' })
    expect(explain('shop', 'OLD')).toMatchObject({ deprecated: { on: '2026-01-01', instead: 'NEW' } })
  })

  test('an undocumented one: what is said of its status, else nothing', () => {
    expect(explain('shop', 'NEW', 402)).toMatchObject({
      of: 'status',
      meaning: 'Something about money.',
      http: [402],
    })
    expect(explain('shop', '', 402)).toMatchObject({ of: 'status' })
    expect(explain('shop', 'NEW')).toBeNull()
    expect(explain('shop', 'NEW', 503)).toBeNull()
    expect(explain('elsewhere', 'SOLD_OUT', 402)).toBeNull()
  })
})
