import type { Query } from './query.ts'

/**
 * What the store has of an origin beyond an offset, as ranges of whole blocks. Rows that say no range (those of blocks
 * without any traffic, which are rare) are covered by one more, up to the last of them.
 */
export async function storedRanges(
  query: Query,
  origin: string,
  from: number,
): Promise<{ first: number; end: number }[]> {
  const rows = (await query(
    `SELECT toUInt64(first) AS first, toUInt64(end) AS end FROM (
       SELECT origin_offset AS first, origin_end AS end FROM traffic
       WHERE origin = {origin: String} AND origin_end > {from: UInt64}
       UNION DISTINCT
       SELECT origin_offset AS first, origin_end AS end FROM quota_samples
       WHERE origin = {origin: String} AND origin_end > {from: UInt64}
       UNION DISTINCT
       SELECT min(origin_offset) AS first, max(origin_offset) + 1 AS end FROM (
         SELECT origin_offset FROM errors WHERE origin = {origin: String} AND origin_offset >= {from: UInt64}
         UNION ALL
         SELECT origin_offset FROM attempts WHERE origin = {origin: String} AND origin_offset >= {from: UInt64}
       ) HAVING count() > 0
     ) ORDER BY first, end`,
    { origin, from },
  )) as { first: number | string; end: number | string }[]
  const ranges = rows.map(({ first, end }) => ({ first: Number(first), end: Number(end) }))
  const widest = ranges.filter((one) => ranges.some((other) => other !== one && within(other, one)))
  // The one of errors spans many blocks: only what reaches beyond them all is news.
  const blocks = ranges.filter((one) => !widest.includes(one))
  const end = blocks.reduce((most, block) => Math.max(most, block.end), 0)
  return [
    ...blocks,
    ...widest.flatMap((one) => (one.end > end ? [{ first: Math.max(one.first, end), end: one.end }] : [])),
  ]
}

const within = (inner: { first: number; end: number }, outer: { first: number; end: number }): boolean =>
  inner.first >= outer.first && inner.end <= outer.end
