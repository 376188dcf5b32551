import { z } from 'zod'
import { codeRow, codes } from './codes.ts'
import type { Filter } from './filter.ts'
import type { Query } from './query.ts'

export const unknownCode = codeRow.extend({
  first_service: z.string(),
  first_version: z.string(),
})
export type UnknownCode = z.output<typeof unknownCode>

const firstRow = z.object({
  provider: z.string(),
  code: z.string(),
  first_service: z.string(),
  first_version: z.string(),
})

/** Codes in no catalog of their provider, seen in the period; with who brought them. */
export async function unknownCodes(
  query: Query,
  options: { from: Date; to: Date; limit: number } & Omit<Filter, 'standing'>,
): Promise<UnknownCode[]> {
  const rows = await codes(query, { ...options, standing: 'unknown' })
  if (rows.length === 0) return []
  const first = z.array(firstRow).parse(
    await query(
      `SELECT provider, code, argMinMerge(first_service) AS first_service, argMinMerge(first_version) AS first_version
       FROM codes WHERE provider IN {providers:Array(String)} AND code IN {codes:Array(String)} GROUP BY provider, code`,
      {
        providers: [...new Set(rows.map(({ provider }) => provider))],
        codes: [...new Set(rows.map(({ code }) => code))],
      },
    ),
  )
  return rows.map((row) => {
    const { first_service = '', first_version = '' } =
      first.find(({ provider, code }) => provider === row.provider && code === row.code) ?? {}
    return { ...row, first_service, first_version }
  })
}
