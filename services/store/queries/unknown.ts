import { z } from 'zod'
import { type CodeOptions, codeRow, codes } from './codes.ts'
import type { Page } from './page.ts'
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
  options: Omit<CodeOptions, 'standing'>,
): Promise<Page<UnknownCode>> {
  const { rows, more } = await codes(query, { ...options, standing: 'unknown' })
  if (rows.length === 0) return { rows: [], more }
  const found = z.array(firstRow).parse(
    await query(
      `SELECT provider, code, argMinMerge(first_service) AS first_service, argMinMerge(first_version) AS first_version
       FROM codes WHERE provider IN {providers:Array(String)} AND code IN {codes:Array(String)} GROUP BY provider, code`,
      {
        providers: [...new Set(rows.map(({ provider }) => provider))],
        codes: [...new Set(rows.map(({ code }) => code))],
      },
    ),
  )
  const firstOf = new Map(
    found.map(({ provider, code, ...first }) => [JSON.stringify([provider, code]), first]),
  )
  return {
    more,
    rows: rows.map((row) => ({
      ...row,
      ...(firstOf.get(JSON.stringify([row.provider, row.code])) ?? { first_service: '', first_version: '' }),
    })),
  }
}
