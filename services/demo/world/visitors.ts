import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { type Arrival, arrivals } from '../arrivals.ts'
import { chance } from '../chance.ts'
import type { Report } from '../child.ts'
import type { PhaseName, ServiceName } from '../scenario.ts'
import { beginningOf, startOf, type Timeline } from '../timeline.ts'
import { baggageOf, tellAt } from '../told-time.ts'

/** Side by side, while the history is made: enough for two cores. */
const AT_A_TIME = 24
const REPORT_EVERY_MS = 200

/** When a process of the shop has to be replaced, or stopped, and everybody waits for it. */
const MILESTONES: PhaseName[] = ['deployed', 'silence']

export interface Visit {
  urls: Record<ServiceName, string>
  timeline: Timeline
  /** The history only. */
  once: boolean
  report: (what: Report) => void
  /** Resolves when it is done. */
  reached: (milestone: PhaseName) => Promise<void>
}

/** Sends everything that comes from outside: the history as quickly as it can be, what is live when it is due. */
export async function visit({ urls, timeline, once, report, reached }: Visit): Promise<void> {
  const underWay = new Set<Promise<void>>()
  const milestones = MILESTONES.map((name) => ({ name, at: startOf(name, timeline) }))
  const begin = beginningOf(timeline)
  let requests = 0
  let reported = 0
  let isLive = false

  for (const arrival of arrivals(timeline)) {
    if (once && arrival.at >= timeline.now) break
    if (milestones.length > 0 && arrival.at >= milestones[0]!.at) {
      await Promise.all(underWay)
      await reached(milestones.shift()!.name)
    }
    const early = arrival.at - Date.now()
    if (!isLive && early > 0) {
      isLive = true
      report({ done: true, requests })
    }
    if (early > 0) await wait(early)
    while (!isLive && underWay.size >= AT_A_TIME) await Promise.race(underWay)
    const sent = send(arrival, urls).finally(() => underWay.delete(sent))
    underWay.add(sent)
    requests++
    if (!isLive && performance.now() - reported > REPORT_EVERY_MS) {
      reported = performance.now()
      report({ progress: Math.min(1, (arrival.at - begin) / (timeline.now - begin)), requests })
    }
  }
  await Promise.all(underWay)
  report({ done: true, requests })
}

async function send({ id, at, journey, caller }: Arrival, urls: Record<ServiceName, string>): Promise<void> {
  const [method, route] = journey.route.split(' ') as [string, string]
  const path = route.replace(':id', String(1000 + Math.floor(chance(id, 'which') * 40)))
  const headers: Record<string, string> = {
    baggage: baggageOf(tellAt(id, at)),
    'user-agent': `${caller}/1.0`,
    'x-api-key': `sk_shop_${caller}`,
  }
  if (method === 'POST') headers['idempotency-key'] = randomUUID()
  try {
    const response = await fetch(`${urls[journey.to]}${path}`, { method, headers })
    await response.arrayBuffer()
  } catch {
    // The shop is being stopped; whoever asks then gets no answer.
  }
}
