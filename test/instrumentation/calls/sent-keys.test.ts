import { expect, test } from 'vitest'
import { callIdOf } from '../../../services/instrumentation/calls/call-id.ts'
import { SentKeys } from '../../../services/instrumentation/calls/sent-keys.ts'

const ids = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => callIdOf(`order-${from + i}`))

test('each key is counted on its own, as often as it is sent', () => {
  const keys = new SentKeys()
  const many = ids(0, 2000)
  for (const attempt of [0, 1, 2])
    expect(new Set(many.map((id) => keys.next(id)))).toEqual(new Set([attempt]))
})

test('what is taken back counts no longer, and never below the first', () => {
  const keys = new SentKeys()
  const [id, unsent] = ids(0, 2) as [string, string]
  expect([keys.next(id), keys.next(id)]).toEqual([0, 1])
  keys.takeBack(id)
  expect(keys.next(id)).toBe(1)
  keys.takeBack(unsent)
  expect(keys.next(unsent)).toBe(0)
  keys.takeBack(unsent)
  keys.takeBack(unsent)
  expect(keys.next(unsent)).toBe(0)
})

test('the last 5,000 are known, and the first of many are forgotten', () => {
  const keys = new SentKeys()
  const many = ids(0, 32_000)
  for (const id of many) keys.next(id)
  expect(many.slice(-5000).map((id) => keys.next(id))).toEqual(Array(5000).fill(1))
  expect(many.slice(0, 5000).map((id) => keys.next(id))).toEqual(Array(5000).fill(0))
})

test('a key that is sent again and again stays, however many are sent between', () => {
  const keys = new SentKeys()
  const [loop, ...others] = ids(0, 30_000) as [string, ...string[]]
  let sent = 0
  for (const [i, id] of others.entries()) {
    keys.next(id)
    if (i % 4000 === 0) expect(keys.next(loop)).toBe(sent++)
  }
  expect(sent).toBe(8)
})
