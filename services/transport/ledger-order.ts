import type { Intent } from '../contract/ledger.ts'

// One range at a time, each where the last one ended: wherever a ledger keeps it.

interface Place {
  position: number
  intent: Intent | null
}

export function mustFollow({ position, intent: under }: Place, intent: Intent): void {
  if (under === null && intent.first === position && intent.end > intent.first) return
  throw new RangeError(
    `cannot intend ${intent.first} to ${intent.end}: the position is ${position}` +
      (under === null ? '' : `, and ${under.first} to ${under.end} is under way`),
  )
}

export function mustEnd(place: Place, end: number): void {
  const { position, intent } = place
  if (intent === null ? end < position : end !== intent.end)
    throw new RangeError(`cannot advance to ${end}: ${JSON.stringify(place)}`)
}
