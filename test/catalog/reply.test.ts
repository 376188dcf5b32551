import { expect, test } from 'vitest'
import { compileCatalogs } from '../../services/catalog/classify.ts'
import { loadCatalogs } from '../../services/catalog/load.ts'
import { replyTo } from '../../services/catalog/reply.ts'
import { catalog } from './catalogs.ts'

const old = {
  code: 'OLD',
  http: [400],
  retry: 'never',
  meaning: 'Old.',
  deprecated: { on: '2026-01-01', instead: 'NEW' },
}
const { catalogs } = await loadCatalogs([])
const bare = { code: 'FORBIDDEN', http: [403], retry: 'never', class: 'permission' }
const compiled = compileCatalogs([
  ...catalogs,
  catalog({ provider: 'old-api', codes: [old] }),
  catalog({ provider: 'bare-api', codes: [bare] }),
])

function reply(
  provider: string,
  code: string,
  status: number,
  message = '',
  retryAfterMs: number | null = null,
) {
  const { retry, standing } = compiled.verdict(provider, code, status, Date.parse('2026-06-01'))
  const hasCatalog = compiled.has(provider)
  const entry = compiled.explain(provider, code, status)
  return replyTo({ entry, hasCatalog, code, status, retry, standing, message, retryAfterMs })
}

test.each([
  [
    "the publisher's words, its advice once",
    reply('wallet-gateway', 'INSUFFICIENT_CREDIT', 402),
    "The API refused the call: Wallet balance is below the call's cost. " +
      'Sending it again will not help; the documentation says: “Top up or enable auto-recharge.”',
  ],
  [
    'hopeless, without advice of the publisher',
    reply('wallet-gateway', 'UNAUTHORIZED', 401),
    'The API refused the call: Missing or invalid project key. ' +
      'Sending it again will not help; check the key or token.',
  ],
  [
    'worth waiting for',
    reply('client-platform', 'rate_limit_exceeded', 429),
    'The API refused the call: You have exceeded the per-minute request rate for your tier. ' +
      'It can be sent again after the wait that the API asks for.',
  ],
  [
    'not the fault of the caller',
    reply('session-api', 'BACKEND_ERROR', 502),
    'The API could not carry out the call: Backend failure. ' +
      'It can be sent again, with growing pauses between the tries.',
  ],
  [
    'nobody documents it, but the answer told',
    reply('elsewhere', 'SLOW_DOWN', 429, '', 29_500),
    'The API answered HTTP 429 with the code SLOW_DOWN. It can be sent again after 30 s, as the answer told.',
  ],
  [
    'no answer at all',
    reply('session-api', 'ECONNREFUSED', 0),
    'No answer came from the API (ECONNREFUSED). ' +
      'Whether it was carried out nobody can tell: send it again if it may be carried out twice.',
  ],
  [
    'no meaning published',
    reply('bare-api', 'FORBIDDEN', 403),
    'The API does not allow these credentials to do this. ' +
      'Sending it again will not help; ask for the permission, or use credentials that have it.',
  ],
  [
    'undocumented, nothing said of the status',
    reply('session-api', 'BRAND_NEW', 418, 'short\nand stout'),
    'The API answered HTTP 418 with the code BRAND_NEW, which no catalog of this API lists, ' +
      'saying “short and stout”. What it means, and whether sending it again helps, is not documented.',
  ],
  [
    'undocumented, but the status is',
    reply('generation-api', 'BRAND_NEW', 429),
    'The API answered HTTP 429 with the code BRAND_NEW, which no catalog of this API lists. ' +
      'It can be sent again after the wait that the API asks for.',
  ],
  [
    'no catalog, no HTTP',
    reply('elsewhere', 'UNAVAILABLE', 0),
    'The API answered with the code UNAVAILABLE. What it means, and whether sending it again helps, is not documented.',
  ],
  [
    'no code',
    reply('elsewhere', '', 502, 'Bad Gateway'),
    'The API answered HTTP 502 without an error code, saying “Bad Gateway”. ' +
      'It can be sent again, with growing pauses between the tries.',
  ],
  [
    'nothing at all',
    reply('elsewhere', '', 0),
    'The call failed without an HTTP status or an error code. Whether sending it again helps is not documented.',
  ],
])('%s', (_, { reply }, expected) => {
  expect(reply).toBe(expected)
})

test('meaning and action are the catalog’s', () => {
  expect(reply('session-api', 'SESSION_EXPIRED', 410)).toMatchObject({
    meaning: 'Session expired',
    action: 'Create new session',
  })
})

test('meaning says honestly what is not documented', () => {
  expect(reply('elsewhere', 'UNAVAILABLE', 503).meaning).toBe(
    'There is no catalog for this API yet, so what the code UNAVAILABLE means is not known here.',
  )
  expect(reply('generation-api', 'BRAND_NEW', 404).meaning).toBe(
    'The code BRAND_NEW is in no catalog of this API, so what it means is not documented. ' +
      'HTTP 404 there stands for: Resource not found or not owned by the caller.',
  )
})

test('meaning says what the standing says', () => {
  expect(reply('session-api', 'SESSION_EXPIRED', 500).meaning).toBe(
    'Session expired. Documented for HTTP 410, but it came with HTTP 500.',
  )
  expect(reply('old-api', 'OLD', 400).meaning).toBe('Old. Deprecated since 2026-01-01; NEW takes its place.')
})

test('a long message is cut', () => {
  const { reply: words } = reply('elsewhere', '', 500, 'x'.repeat(10_000))
  expect(words.length).toBeLessThan(400)
})

test('every built-in code, under every status, has something to say', () => {
  for (const { provider, codes } of catalogs) {
    for (const { code, http } of [...codes, { code: '', http: [500] }, { code: 'BRAND_NEW', http: [500] }]) {
      for (const status of [...http, 0, 418]) {
        for (const words of Object.values(reply(provider, code, status))) {
          expect(words, `${provider} ${code} ${status}`).toMatch(/^[A-Z].*\S$/)
          expect(words, `${provider} ${code} ${status}`).not.toMatch(/undefined|null|\.\./)
        }
      }
    }
  }
})
