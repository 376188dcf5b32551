import { z } from 'zod'
import type { AttemptRow } from '../store/queries/lookup.ts'

// One id may be several things: a request id that two services gave out, or one's request id and another's call id.

export const ID_KINDS = ['request_id', 'other_request_id', 'trace_id', 'call_id'] as const
type IdKind = (typeof ID_KINDS)[number]

export const candidate = z.object({
  matched: z.array(z.enum(ID_KINDS)).describe('What the id is here.'),
  provider: z.string(),
  service: z.string(),
  trace_id: z.string(),
  call_id: z.string(),
  first_seen: z.string(),
  last_seen: z.string(),
  attempts: z.number(),
  positions: z.array(z.number()).describe('Which of `attempts` are of it, counted from 0.'),
})
export type Candidate = z.output<typeof candidate>

/** The different things among rows that were found under one id, oldest first. */
export function candidatesOf(id: string, attempts: AttemptRow[]): Candidate[] {
  let groups: AttemptRow[][] = []
  for (const row of attempts) {
    const same = groups.filter((group) => group.some((other) => isSameThing(row, other)))
    groups = [...groups.filter((group) => !same.includes(group)), [...same.flat(), row]]
  }
  return groups
    .map((group) => {
      const { provider, service, trace_id, call_id } = group[0]!
      const times = group.map(({ ts }) => ts).sort()
      return {
        matched: ID_KINDS.filter((kind) => group.some((row) => kindsOf(id, row).includes(kind))),
        ...{ provider, service, trace_id, call_id },
        first_seen: times[0]!,
        last_seen: times.at(-1)!,
        attempts: group.length,
        positions: group.map((row) => attempts.indexOf(row)).sort((a, b) => a - b),
      }
    })
    .sort((a, b) => (a.first_seen < b.first_seen ? -1 : 1))
}

const hasTrace = ({ trace_id }: AttemptRow): boolean => !/^0*$/.test(trace_id)

/** One trace or one logical call; where neither is known, one service's calls of one API. */
function isSameThing(a: AttemptRow, b: AttemptRow): boolean {
  if (a.call_id !== '' && a.call_id === b.call_id) return true
  if (hasTrace(a) && hasTrace(b)) return a.trace_id === b.trace_id
  return a.provider === b.provider && a.service === b.service
}

const kindsOf = (id: string, row: AttemptRow): IdKind[] =>
  ID_KINDS.filter(
    (kind) =>
      ({
        request_id: row.request_id === id,
        other_request_id: row.other_request_ids.includes(id),
        trace_id: row.trace_id === id.toLowerCase(),
        call_id: row.call_id === id,
      })[kind],
  )
