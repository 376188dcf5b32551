import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { readError } from '../../../services/instrumentation/read-error.ts'

// Public error bodies of dozens of APIs, in two halves by a hash of their names: one that the reader was written with, one
// that its author never looked at. The second one says how it does with an API it has not met.

const FILE = join(import.meta.dirname, '../../../../shared/data/envelopes.jsonl')
const here = existsSync(FILE)

interface Envelope {
  name: string
  status: number
  headers: Record<string, string>
  body: string
  expected: {
    code: string | null
    accept_codes?: string[]
    request_id?: string | null
    retry_after_s?: number | null
  }
}

const all: Envelope[] = here
  ? readFileSync(FILE, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  : []
const isSeen = ({ name }: Envelope): boolean => (createHash('sha256').update(name).digest()[0]! & 1) === 0

const HALVES: [name: string, envelopes: Envelope[], least: { code: number; id: number; wait: number }][] = [
  ['the half that was looked at', all.filter(isSeen), { code: 0.99, id: 1, wait: 0.99 }],
  ['the half that was held back', all.filter((one) => !isSeen(one)), { code: 0.97, id: 0.99, wait: 0.99 }],
]

describe.each(HALVES)('%s', (_, envelopes, least) => {
  beforeEach(({ skip }) => skip(!here, 'needs ../shared/data/envelopes.jsonl'))

  const share = (isRight: (one: Envelope) => boolean) => envelopes.filter(isRight).length / envelopes.length

  test('codes', () => {
    const right = share(({ expected, ...response }) => {
      const code = readError(response)?.code ?? null
      return code === expected.code || (code !== null && (expected.accept_codes ?? []).includes(code))
    })
    expect(right).toBeGreaterThanOrEqual(least.code)
  })

  test('request ids', () => {
    const right = share(
      ({ expected, ...response }) =>
        (readError(response)?.requestId ?? null) === (expected.request_id ?? null),
    )
    expect(right).toBeGreaterThanOrEqual(least.id)
  })

  test('times to wait', () => {
    const right = share(({ expected, ...response }) => {
      if (expected.retry_after_s === undefined) return true
      const ms = expected.retry_after_s === null ? null : expected.retry_after_s * 1000
      return (readError(response)?.retryAfterMs ?? null) === ms
    })
    expect(right).toBeGreaterThanOrEqual(least.wait)
  })
})
