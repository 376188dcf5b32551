import type { Payload } from './columns/payload.ts'
import { PROBLEMS } from './decode/wire.ts'
import type { IngestCounters } from './ingest.ts'

const COUNTED = ['spans', 'kept', 'counted', 'clamped', 'attributesDropped'] as const
type Tally = Pick<IngestCounters, (typeof COUNTED)[number] | 'overflowed'> & {
  rejectedFor: Uint32Array | null
}

/** A copy: by the time the payload is durable, the next one is in its place. */
export function tally({ counts, dictionaries, rejectedFor }: Payload): Tally {
  let overflowed = 0
  for (const dictionary of Object.values(dictionaries)) overflowed += dictionary.overflowed
  return { ...counts, overflowed, rejectedFor: counts.rejected > 0 ? rejectedFor.slice() : null }
}

export function addTally(counters: IngestCounters, taken: Tally): void {
  counters.payloads++
  counters.overflowed += taken.overflowed
  for (const name of COUNTED) counters[name] += taken[name]
  taken.rejectedFor?.forEach((count, problem) => {
    const reason = PROBLEMS[problem]
    if (reason) counters.rejectedFor[reason] += count
  })
}
