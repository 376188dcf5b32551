import type { Block } from '../../services/consumer/block.ts'
import { blockOf, SMALL } from './block-of.ts'

const DAYS = ['2026-11-18', '2026-11-19', '2026-11-20']

/** The block of two records that comes at this number: always the same. */
export const numberedBlock = (number: number): Block =>
  blockOf(
    'journal',
    2 * number,
    [0, 1].map((half) => ({ ...SMALL, seed: 2 * number + half, days: DAYS, errors: 60 })),
  )
