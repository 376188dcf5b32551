import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FingerprintSet, mix } from '../../services/transport/inline/fingerprint-set.ts'
import { Seen } from '../../services/transport/inline/seen.ts'
import { fingerprint, range } from './temp-journal.ts'

test('a set of fingerprints does what a Set of strings does', () => {
  // Few distinct words, so that fingerprints repeat, collide and contain zeros.
  const word = fc.integer({ min: -1, max: 2 })
  fc.assert(
    fc.property(fc.array(fc.tuple(word, word, word, word), { maxLength: 300 }), (fingerprints) => {
      const set = new FingerprintSet(4)
      const model = new Set<string>()
      for (const [a, b, c, d] of fingerprints) {
        expect(set.has(mix(a, b, c, d), a, b, c, d)).toBe(model.has(`${[a, b, c, d]}`))
        set.add(mix(a, b, c, d), a, b, c, d)
        model.add(`${[a, b, c, d]}`)
        expect(set.size).toBe(model.size)
      }
      const held = new Set<string>()
      set.each((...words) => held.add(`${words}`))
      expect(held).toEqual(model)
    }),
  )
})

describe('the window', () => {
  const windowOf = (limit = 1000) => {
    const clock = { mono: 0 }
    const seen = new Seen(100, limit, () => clock.mono)
    return {
      clock,
      seen,
      add: (n: number) => seen.addAt(fingerprint(n), 0),
      has: (n: number) => seen.hasAt(fingerprint(n), 0),
    }
  }

  test('knows a fingerprint for its length at least and twice that at most', () => {
    for (const born of [0, 1, 50, 99]) {
      const { clock, add, has } = windowOf()
      clock.mono = born
      add(1)
      for (clock.mono = born; clock.mono <= born + 100; clock.mono++) expect(has(1)).toBe(true)
      clock.mono = born + 200
      expect(has(1)).toBe(false)
    }
  })

  test('forgets everything after a long rest', () => {
    const { clock, seen, add, has } = windowOf()
    add(1)
    clock.mono = 1_000_000
    expect(has(1)).toBe(false)
    expect(seen.size).toBe(0)
  })

  test('is cut short rather than grow beyond its limit', () => {
    const { seen, add, has } = windowOf(1000)
    for (const n of range(0, 2500)) add(n)
    expect(seen.cutShort).toBe(2)
    expect(seen.size).toBe(1500)
    expect(has(999)).toBe(false)
    expect(range(1000, 2500).every(has)).toBe(true)
  })
})
