import { chance } from './chance.ts'
import { JOURNEYS, type Journey } from './scenario.ts'
import { beginningOf, densityOf, holds, type Timeline } from './timeline.ts'

/** A request from outside. */
export interface Arrival {
  id: string
  /** Unix time in ms. */
  at: number
  journey: Journey
  caller: string
}

/** Everything that comes to the shop from the beginning of the history on, in order, without an end. */
export function* arrivals(timeline: Timeline): Generator<Arrival, never> {
  const queues = JOURNEYS.map((journey) => arrivalsOf(journey, timeline))
  const heads = queues.map((queue) => queue.next().value)
  for (;;) {
    const next = heads.reduce((first, one, i) => (one.at < heads[first].at ? i : first), 0)
    yield heads[next]
    heads[next] = queues[next].next().value
  }
}

/** As people come: independent of one another. */
function* arrivalsOf(journey: Journey, timeline: Timeline): Generator<Arrival, never> {
  const { seed } = timeline
  const gapMs = 60_000 / (journey.perMinute * densityOf(timeline))
  let at = beginningOf(timeline)
  for (let n = 0; ; n++) {
    const id = `${seed}-${journey.name}-${n}`
    at += -Math.log(1 - chance(id, 'gap')) * gapMs
    // What is over for good would be looked for in vain.
    if (journey.before !== undefined && !holds(journey, at, timeline)) at = Number.POSITIVE_INFINITY
    else if (!holds(journey, at, timeline)) continue
    yield { id, at, journey, caller: callerOf(journey, id) }
  }
}

function callerOf({ callers }: Journey, id: string): string {
  const sum = Object.values(callers).reduce((a, b) => a + b, 0)
  let left = chance(id, 'caller') * sum
  for (const [name, weight] of Object.entries(callers)) {
    left -= weight
    if (left < 0) return name
  }
  return Object.keys(callers)[0]
}
