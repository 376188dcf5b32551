import { describe, expect, test } from 'vitest'
import { loadCatalogs } from '../../services/catalog/load.ts'
import type { Catalog, CodeEntry } from '../../services/catalog/schema.ts'
import { isRetryable } from '../../services/contract/vocabulary.ts'
import {
  type PageRow,
  pageLines,
  platformGuidance,
  platformRows,
  resourceRows,
  SEEDS_ARE_HERE,
  sessionRows,
  walletRows,
} from './seed-pages.ts'

// Every built-in catalog against the page it was written from, code by code, read by readers of the test's own.

const testPage = (name: string, compare: () => void) =>
  test(name, ({ skip }) => {
    skip(!SEEDS_ARE_HERE, 'needs the pages in ../shared/seeds')
    compare()
  })

const { catalogs, problems } = await loadCatalogs([])

function catalogOf(provider: string): Catalog {
  const catalog = catalogs.find((each) => each.provider === provider)
  if (!catalog) throw new Error(`no built-in catalog ${provider}`)
  return catalog
}

/** Pairs the page's rows with the catalog's entries; both must have the same codes in the same order. */
function pairs(provider: string, rows: PageRow[]): [PageRow, CodeEntry][] {
  const { codes } = catalogOf(provider)
  expect(codes.map(({ code }) => code)).toEqual(rows.map(({ code }) => code))
  return rows.map((row, index) => [row, codes[index]])
}

const folded = (words = '') => words.toLowerCase().replace(/\.$/, '')

test('the built-in catalogs have no problems and as many codes as their pages', () => {
  expect(problems).toEqual([])
  // Our own is of no page: test/catalog/own-errors.test.ts has it.
  const ofPages = catalogs.filter(({ provider }) => provider !== 'telltale')
  expect(Object.fromEntries(ofPages.map(({ provider, codes }) => [provider, codes.length]))).toEqual({
    'wallet-gateway': 19,
    'session-api': 16,
    'client-platform': 22,
    'resource-api': 16,
    'generation-api': 7,
  })
})

describe('each page', () => {
  testPage('000 wallet-gateway: status, Retryable column, meaning', () => {
    const rows = walletRows(pageLines('000'))
    expect(rows).toHaveLength(19)
    for (const [row, entry] of pairs('wallet-gateway', rows)) {
      const [retryable, meaning] = row.cells
      expect(entry.http, row.code).toEqual([row.status])
      expect(entry.meaning, row.code).toBe(meaning)
      expect(folded(meaning), row.code).toContain(folded(entry.action))
      expect(entry.retry_is, row.code).toBe('stated')
      expect(['No', 'Auto-retry']).toContain(retryable)
      expect(isRetryable(entry.retry ?? 'unknown'), row.code).toBe(retryable === 'Auto-retry')
      if (retryable === 'Auto-retry') {
        expect(entry.retry, row.code).toBe(meaning.includes('Retry-After') ? 'after_wait' : 'backoff')
      }
    }
  })

  testPage('001 session-api: status, description, action, retry guidance', () => {
    const lines = pageLines('001')
    const rows = sessionRows(lines)
    expect(rows).toHaveLength(16)
    const guidance = new Map<string, string>()
    for (const line of lines) {
      const [, advice, codes] = /^ *• ([A-Za-z ]+): ([A-Z_, ]+) — /.exec(line) ?? []
      for (const code of codes?.split(', ') ?? []) guidance.set(code, advice)
    }
    expect(guidance.size).toBe(8)
    const words = new Map([
      ['Do not retry', 'never'],
      ['Refresh and retry', 'after_reauth'],
      ['Wait and retry', 'after_wait'],
      ['Exponential backoff', 'backoff'],
    ])
    for (const [row, entry] of pairs('session-api', rows)) {
      expect(entry.http, row.code).toEqual([row.status])
      expect(`${entry.meaning}${entry.action}`, row.code).toBe(row.cells[0])
      const advice = guidance.get(row.code)
      if (advice) expect([entry.retry, entry.retry_is], row.code).toEqual([words.get(advice), 'stated'])
      if (entry.action === 'Contact support') expect(entry.retry, row.code).toBe('never')
      if (entry.action?.startsWith('Retry'))
        expect(isRetryable(entry.retry ?? 'unknown'), row.code).toBe(true)
      if (entry.action?.startsWith('Use new key')) expect(entry.retry, row.code).toBe('new_idempotency_key')
    }
  })

  testPage('002 client-platform: status, description, retry guidance with its qualifiers', () => {
    const lines = pageLines('002')
    const rows = platformRows(lines)
    const guidance = platformGuidance(lines)
    expect(rows).toHaveLength(22)
    expect(guidance.size).toBe(9)
    const words = new Map([
      ['No', 'never'],
      ['No (change key)', 'new_idempotency_key'],
      ['Yes, after re-auth', 'after_reauth'],
      ['Yes, after reset', 'after_wait'],
      ['Yes, with backoff', 'once'], // its note begins "Retry once"
      ['Yes, later', 'later'],
    ])
    const qualifierOf = ({ code, status }: PageRow) => {
      if (status === 401) return code.includes('expired') ? '401 (expired)' : '401 (other)'
      if (status === 429) return code.includes('allowance') ? '429 (allowance)' : '429 (rate limit)'
      return status === 503 ? '503 (disabled)' : String(status)
    }
    for (const [row, entry] of pairs('client-platform', rows)) {
      const [safe, note] = guidance.get(qualifierOf(row)) ?? []
      expect(entry.http, row.code).toEqual([row.status])
      expect(entry.meaning, row.code).toBe(row.cells[0])
      expect([entry.retry, entry.retry_is], row.code).toEqual([words.get(safe ?? ''), 'stated'])
      // What to do stands in the description, or else in the guidance's note.
      expect(`${row.cells[0]} | ${note}`, row.code).toContain(entry.action)
      expect(entry.action, row.code).not.toBe('')
    }
    for (const [status, rule] of Object.entries(catalogOf('client-platform').statuses)) {
      const notes = [...guidance].filter(([key]) => key.startsWith(status)).map(([, [, note]]) => note)
      expect(notes, status).toContain(rule.action)
    }
  })

  testPage('003 resource-api: status, description, action', () => {
    const rows = resourceRows(pageLines('003'))
    expect(rows).toHaveLength(16)
    for (const [row, entry] of pairs('resource-api', rows)) {
      const [meaning, action] = row.cells
      expect(entry.http, row.code).toEqual([row.status])
      expect([entry.meaning, entry.action], row.code).toEqual([meaning, action])
      const retried = /\bretry (?:after|with)\b/i.test(action)
      const byAPerson = /^(?:Generate|Create) a (?:new )?key/.test(action)
      expect(isRetryable(entry.retry ?? 'unknown'), row.code).toBe(retried)
      expect(entry.retry_is, row.code).toBe(retried || byAPerson ? 'stated' : 'derived')
      if (action.includes('Retry-After')) expect(entry.retry, row.code).toBe('after_wait')
      else if (retried) expect(entry.retry, row.code).toBe('backoff')
      else expect(entry.retry, row.code).toBe('never')
    }
  })

  testPage('004 generation-api: every code of its prose and examples, its rules by status', () => {
    const lines = pageLines('004')
    const page = lines.join('\n')
    const { codes, statuses } = catalogOf('generation-api')
    const inExamples = [...page.matchAll(/"code": "(\w+)"/g)].map(([, code]) => code)
    const inProse = [...page.matchAll(/\b(?:[A-Z]+(?:_[A-Z]+)+|FORBIDDEN)\b/g)].map(([code]) => code)
    expect(codes.map(({ code }) => code).sort()).toEqual([...new Set([...inExamples, ...inProse])].sort())
    expect(Object.fromEntries(codes.map(({ code, http }) => [code, http]))).toEqual({
      invalid_request: [400],
      INSUFFICIENT_CREDITS: [402],
      SPENDING_LIMIT_EXCEEDED: [402],
      CONCURRENT_GENERATION_LIMIT: [],
      FORBIDDEN: [],
      INVALID_URL: [],
      INVALID_EVENTS: [],
    })
    for (const { code, meaning, action } of codes) {
      expect(folded(page), code).toContain(folded(meaning))
      expect(page, code).toContain(action ?? '')
    }

    const documented = lines.flatMap((line) => {
      const [, status, meaning] = /^ *• (\d{3}): (.+)$/.exec(line) ?? []
      return status ? [[status, folded(meaning)]] : []
    })
    expect(documented).toHaveLength(7)
    expect(
      Object.entries(statuses).flatMap(([status, { meaning }]) =>
        meaning ? [[status, folded(meaning)]] : [],
      ),
    ).toEqual(documented)
    for (const status of ['400', '401', '402', '403', '404']) {
      expect(statuses[status], status).toMatchObject({ retry: 'never', retry_is: 'stated' })
    }
    expect(statuses['429']).toMatchObject({ retry: 'after_wait', retry_is: 'stated' })
    expect(statuses['5xx']).toMatchObject({ retry: 'backoff', retry_is: 'derived' })
    for (const { action } of Object.values(statuses)) expect(page).toContain(action)
  })
})
