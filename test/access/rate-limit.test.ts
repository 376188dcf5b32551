import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRateLimit } from '../../services/access/rate-limit.ts'

function limited(perMinute: number, mostKnown?: number) {
  let time = 1_000
  const rate = createRateLimit(perMinute, { now: () => time, mostKnown })
  const pass = (ms: number) => {
    time += ms
  }
  return { rate, pass }
}

test('a minute’s worth at once, then none, then one as its time has come', () => {
  const { rate, pass } = limited(3)
  expect([0, 1, 2].map(() => rate.take('a').remaining)).toEqual([2, 1, 0])
  expect(rate.take('a')).toEqual({
    allowed: false,
    limit: 3,
    windowSeconds: 60,
    remaining: 0,
    resetSeconds: 60,
    retryAfterSeconds: 20,
  })
  pass(19_999)
  expect(rate.take('a')).toMatchObject({ allowed: false, retryAfterSeconds: 1 })
  pass(1)
  expect(rate.take('a')).toMatchObject({ allowed: true, remaining: 0, retryAfterSeconds: 0 })
  expect(rate.take('a').allowed).toBe(false)
  pass(60_000)
  expect(rate.take('a')).toMatchObject({ allowed: true, remaining: 2, resetSeconds: 20 })
})

test('each has their own', () => {
  const { rate } = limited(1)
  expect(['a', 'b', 'a', 'b'].map((who) => rate.take(who).allowed)).toEqual([true, true, false, false])
})

test('who was told to wait so long is served after it', () => {
  const { rate, pass } = limited(7)
  for (let i = 0; i < 7; i++) rate.take('a')
  const { retryAfterSeconds } = rate.take('a')
  pass(retryAfterSeconds * 1000)
  expect(rate.take('a').allowed).toBe(true)
})

test('the table is bounded, and forgets who asked longest ago', () => {
  const { rate } = limited(1, 3)
  for (const who of ['a', 'b', 'c', 'a', 'd']) rate.take(who)
  // b is forgotten, a is not.
  expect([rate.take('a').allowed, rate.take('b').allowed]).toEqual([false, true])
})

test('in any minute no more than twice the limit, over a longer time no more than its rate', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 300 }),
      (perMinute, gaps) => {
        const { rate, pass } = limited(perMinute)
        let served = 0
        let passed = 0
        for (const gap of gaps) {
          pass(gap)
          passed += gap
          const { allowed, remaining } = rate.take('a')
          if (allowed) served++
          expect(remaining).toBeGreaterThanOrEqual(0)
          expect(remaining).toBeLessThanOrEqual(perMinute - (allowed ? 1 : 0))
        }
        expect(served).toBeLessThanOrEqual(perMinute * (1 + passed / 60_000) + 1e-3)
      },
    ),
  )
})
