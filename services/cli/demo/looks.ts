import { setTimeout as wait } from 'node:timers/promises'
import { beginningOf, type Timeline } from '../../demo/timeline.ts'
import type { Target } from './target.ts'

/** Something that is to be found in the demo's data, and how. */
export interface Look {
  what: string
  /** A request that shows it; null where it shows in a list. */
  request_id: string | null
  page: string
  command: string
}

interface Wanted {
  what: string
  /** Of an error row that shows it. */
  filter?: Record<string, string>
  command?: string
}

const WANTED: Wanted[] = [
  {
    what: 'a code that nobody documented, since checkout 2.4.0 went out',
    filter: { provider: 'session-api', code: 'SESSION_REGION_MISMATCH' },
  },
  {
    what: 'a retry storm: checkout sends one call to session-api up to eight times',
    filter: { provider: 'session-api', code: 'BACKEND_TIMEOUT', attempt: '5' },
  },
  {
    what: 'a documented code that suddenly comes with another status',
    filter: { provider: 'session-api', code: 'PRODUCT_OUT_OF_STOCK', standing: 'mismatched' },
  },
  {
    what: 'fulfilment, which sends again what can never succeed',
    filter: { provider: 'wallet-gateway', code: 'WALLET_CAP_EXCEEDED', attempt: '3' },
  },
  { what: 'an allowance that is empty hours before it is whole again', command: 'quotas' },
  { what: 'what the shop itself refuses, mostly to one scraper', command: 'codes --side server' },
]

/** For the first of them. */
const PATIENCE_MS = 6_000
/** For the others then; a short history does not have everything. */
const THEN_MS = 1_500
const AGAIN_MS = 250

/** An example of each; what has just been sent may take a second until it can be found. */
export async function findLooks(target: Target, timeline: Timeline): Promise<Look[]> {
  const until = { deadline: performance.now() + PATIENCE_MS }
  const looks = await Promise.all(
    WANTED.map(async ({ what, filter, command }): Promise<Look | null> => {
      if (filter === undefined)
        return { what, request_id: null, page: `${target.url}/`, command: `telltale ${command}` }
      const id = await exampleOf(target, { ...filter, environment: 'demo' }, timeline, until)
      if (id === null) return null
      return { what, request_id: id, page: `${target.url}/requests/${id}`, command: `telltale lookup ${id}` }
    }),
  )
  return looks.filter((look) => look !== null)
}

async function exampleOf(
  target: Target,
  filter: Record<string, string>,
  timeline: Timeline,
  until: { deadline: number },
): Promise<string | null> {
  const query = new URLSearchParams({
    ...filter,
    from: new Date(beginningOf(timeline)).toISOString(),
    limit: '1',
  })
  for (;;) {
    const answer = await target.ask<{ request_id: string }[]>(`/api/v1/errors?${query}`)
    const id = answer.status === 'answered' ? answer.data[0]?.request_id : undefined
    if (id !== undefined && id !== '') {
      until.deadline = Math.min(until.deadline, performance.now() + THEN_MS)
      return id
    }
    if (performance.now() > until.deadline) return null
    await wait(AGAIN_MS)
  }
}
