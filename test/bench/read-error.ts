import { readError } from '../../services/instrumentation/read-error.ts'
import { cost, median, table } from './measure.ts'

// One error response after the other: µs of CPU each, so what the hook adds to a call that failed.

const BYTES = 8192
const ROUNDS = 5
const ROUND_MS = 300

const prose = 'The amount given is larger than what the account holds at this time. '
const filled = (most: number): string => prose.repeat(Math.ceil(most / prose.length)).slice(0, most)
const item = (i: number) => ({ field: `items/${i}/price`, code: `price_${i}`, message: filled(60) })
const headers = {
  'content-type': 'application/json',
  'x-request-id': 'req_8f3a',
  'retry-after': '2',
  'x-ratelimit-limit': '100',
  'x-ratelimit-remaining': '0',
  'x-ratelimit-reset': '30',
  date: 'Sat, 21 Nov 2026 12:00:00 GMT',
}

const usual = JSON.stringify({
  success: false,
  data: null,
  error: { code: 'TOO_LITTLE', message: filled(80) },
  meta: { request_id: 'r' },
})
const oneMessage = JSON.stringify({ error: { code: 'TOO_LITTLE', message: filled(BYTES - 45) } })
const manyFields = JSON.stringify({
  error: { code: 'TOO_LITTLE', message: 'x', errors: Array.from({ length: 65 }, (_, i) => item(i)) },
})
const xml = `<ErrorResponse><Error><Code>TooLittle</Code><Message>x</Message>${Array.from({ length: 90 }, (_, i) => `<Item><Field>items/${i}</Field><Message>${filled(40)}</Message></Item>`).join('')}</Error></ErrorResponse>`
const html = `<html><head><title>502 Bad Gateway</title></head><body>${`<p class="a">${filled(80)}</p>`.repeat(90)}</body></html>`

const CASES: [what: string, body: string][] = [
  ['usual', usual],
  ['JSON, one long message', oneMessage],
  ['JSON, 65 fields with errors', manyFields],
  ['the same, cut off', manyFields.slice(0, BYTES - 100)],
  ['XML, 90 items', xml],
  ['page of a proxy', html],
  ['plain text', filled(BYTES)],
]

async function measure(what: string, body: string) {
  const bytes = new TextEncoder().encode(body.slice(0, BYTES))
  const rounds: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    let count = 0
    const { cpuSeconds } = await cost(() => {
      const until = performance.now() + ROUND_MS
      while (performance.now() < until) {
        for (let i = 0; i < 100; i++) readError({ status: 400, headers, body: bytes })
        count += 100
      }
    })
    // The first round warms up.
    if (round > 0) rounds.push((cpuSeconds / count) * 1e6)
  }
  return { '': what, bytes: bytes.length, µs: median(rounds).toFixed(1) }
}

const rows = []
for (const [what, body] of CASES) rows.push(await measure(what, body))
table('readError, bytes to answer', rows)
