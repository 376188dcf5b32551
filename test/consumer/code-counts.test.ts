import { expect, test } from 'vitest'
import type { CodeCount } from '../../services/consumer/code-counts.ts'
import { blockOf, SMALL } from '../store/block-of.ts'

const block = blockOf('test', 0, [SMALL, { ...SMALL, seed: 2 }])
const sum = (counts: CodeCount[]) => counts.reduce((total, { count }) => total + count, 0)

test('every error of a block is counted once, under its provider, code and standing', () => {
  const counts = block.codes('all')
  expect(sum(counts)).toBe(2 * SMALL.errors)
  const keys = counts.map(({ provider, code, standing }) => `${provider} ${code} ${standing}`)
  expect(new Set(keys).size).toBe(keys.length)
  expect(counts.every(({ service, status }) => service !== '' && status >= 400)).toBe(true)
})

test('those that nobody documents are the same ones, asked for alone', () => {
  const unknown = block.codes('unknown')
  expect(unknown).not.toEqual([])
  expect(unknown).toEqual(block.codes('all').filter(({ standing }) => standing === 'unknown'))
})
