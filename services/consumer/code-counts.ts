import { STANDINGS, type Standing } from '../contract/vocabulary.ts'
import type { Rows } from './columns/column.ts'
import type { Dictionaries } from './columns/payload.ts'

/** How often a code stands in a block, and what the first row with it says. */
export interface CodeCount {
  provider: string
  code: string
  standing: Standing
  status: number
  service: string
  service_version: string
  count: number
}

const UNKNOWN = STANDINGS.indexOf('unknown')
/** Room for every standing beside the numbers of provider and code. */
const STANDING_ROOM = 8
const DICTIONARY_ROOM = 65_536

/** The error codes of a block. `unknown`: those that nobody documents, which most rows are not, at next to no cost. */
export function codeCounts(
  { columns, count }: Rows<'errors'>,
  dictionaries: Dictionaries,
  which: 'all' | 'unknown',
): CodeCount[] {
  const provider = columns.provider.u16
  const code = columns.code.u16
  const standing = columns.standing.u8
  const rows = new Map<number, { first: number; count: number }>()
  let lastKey = -1
  let last = { first: 0, count: 0 }
  for (let row = 0; row < count; row++) {
    if (which === 'unknown' && standing[row] !== UNKNOWN) continue
    const key = (provider[row]! * DICTIONARY_ROOM + code[row]!) * STANDING_ROOM + standing[row]!
    // Equal ones often follow each other.
    if (key !== lastKey) {
      lastKey = key
      const known = rows.get(key)
      last = known ?? { first: row, count: 0 }
      if (known === undefined) rows.set(key, last)
    }
    last.count++
  }
  return [...rows.values()].map(({ first, count }) => ({
    provider: dictionaries.provider.text(provider[first]!),
    code: dictionaries.code.text(code[first]!),
    standing: STANDINGS[standing[first]!]!,
    status: columns.status.u16[first]!,
    service: dictionaries.service.text(columns.service.u16[first]!),
    service_version: dictionaries.service_version.text(columns.service_version.u16[first]!),
    count,
  }))
}
