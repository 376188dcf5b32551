import { expect, test } from 'vitest'
import { sharedAnswers } from '../../services/api/shared-answers.ts'

test('who asks the same meanwhile gets the same answer, and the store is asked once', async () => {
  const shared = sharedAnswers<number>()
  let asked = 0
  const { promise, resolve } = Promise.withResolvers<number>()
  const ask = () => {
    asked++
    return promise
  }
  const answers = [shared('/codes', ask), shared('/codes', ask), shared('/codes?limit=2', ask)]
  resolve(7)
  expect(await Promise.all(answers)).toEqual([7, 7, 7])
  expect(asked).toBe(2)
})

test('an answer does not hold for long', async () => {
  const shared = sharedAnswers<number>()
  let number = 0
  const ask = async () => number++
  expect(await shared('/codes', ask)).toBe(0)
  const deadline = performance.now() + 5_000
  while ((await shared('/codes', ask)) === 0 && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 5))
  expect(number).toBe(2)
})

test('a failure is heard by all who asked, and not kept', async () => {
  const shared = sharedAnswers<number>()
  const failing = () => Promise.reject(new Error('the store is away'))
  const both = [shared('/codes', failing), shared('/codes', failing)]
  expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await shared('/codes', async () => 1)).toBe(1)
})

test('questions without end are answered and not remembered without end', async () => {
  const shared = sharedAnswers<number>()
  const never = new Promise<number>(() => {})
  for (let i = 0; i < 10_000; i++) void shared(`/codes?limit=${i}`, () => never)
  let asked = 0
  const ask = async () => ++asked
  expect([await shared('/new', ask), await shared('/new', ask)]).toEqual([1, 2])
})
