import { describe, expect, test } from 'vitest'
import { cells, shortened } from '../../../services/cli/text/cells.ts'
import { sparkline } from '../../../services/cli/text/sparkline.ts'
import { type Column, table } from '../../../services/cli/text/table.ts'

describe('cells', () => {
  test.each([
    ['', 0],
    ['abc', 3],
    ['残高', 4],
    ['é', 1],
    ['·…–×█', 5],
    ['👩‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['a\u200bb', 2],
  ])('%j takes %i', (text, width) => expect(cells(text)).toBe(width))
})

describe('shortened', () => {
  test('keeps both ends', () => {
    expect(shortened('RATE_LIMIT_EXCEEDED', 11)).toBe('RATE_…EEDED')
    expect(shortened('short', 5)).toBe('short')
  })
  test('never takes more room than there is, and cuts no character in two', () => {
    for (const text of ['残高不足エラー', 'a残b高c不d足e', '👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 'x'.repeat(300)])
      for (let width = 1; width < 16; width++)
        expect(cells(shortened(text, width))).toBeLessThanOrEqual(width)
  })
})

describe('table', () => {
  const rows = [
    { code: 'SESSION_SHARD_MOVED', count: 7 },
    { code: '残高不足エラー', count: 1234 },
    { code: '\u001b[31mred\u0007', count: 1 },
  ]
  const columns: Column<(typeof rows)[0]>[] = [
    { title: 'CODE', text: ({ code }) => code, least: 10 },
    { title: 'SPARE', text: () => 'spare', spare: 1 },
    { title: 'N', text: ({ count }) => String(count), align: 'right' },
  ]

  test('as wide as it must be', () => {
    expect(table(columns, rows, 80)).toEqual([
      'CODE                 SPARE     N',
      'SESSION_SHARD_MOVED  spare     7',
      '残高不足エラー       spare  1234',
      '␛[31mred␇            spare     1',
    ])
  })

  test('where it does not fit: first cut, then without what can be spared', () => {
    expect(table(columns, rows, 26)[1]).toBe('SESSIO…_MOVED  spare     7')
    expect(table(columns, rows, 20)[1]).toBe('SESSION…_MOVED     7')
    expect(table(columns, rows, 3)[1]).toBe('S…D     7')
  })
})

describe('sparkline', () => {
  test('a bar a count; what is nothing is a dot, what is little is not nothing', () => {
    expect(sparkline([0, 1, 50, 100], 8)).toBe('·▁▄█')
    expect(sparkline([0, 0], 8)).toBe('··')
    expect(sparkline([], 8)).toBe('')
  })
  test('sums where there is less room, from the newest', () => {
    expect(sparkline([1, 0, 0, 2, 2], 3)).toBe('▂·█')
  })
})
