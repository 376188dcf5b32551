import type { CodeCount } from '../../consumer/code-counts.ts'
import { eventRing } from './event-ring.ts'

/** A block that is in the store. What it counts is read from it at once or never. */
interface Delivered {
  codes(which: 'all' | 'unknown'): CodeCount[]
}

export interface Live {
  /** Given every block in turn. */
  delivered(block: Delivered): void
  /**
   * What came after the event `after`, which somebody saw last, then every event to come, until the function it gives
   * is called.
   */
  follow(after: string | undefined, send: (frame: string) => void): () => void
  counters: StreamCounters
  /** No more events. */
  close(): void
}

export interface StreamCounters {
  open: number
  /** Dropped because they did not read. */
  slow: number
}

/** Counts are of a second: what people can follow. */
const TICK_MS = 1_000
/** Two minutes' worth, enough for a laptop that changes its network; about 6 KB each at most. */
const KEPT_EVENTS = 120
const KEEP_COUNTING_MS = KEPT_EVENTS * TICK_MS
/** Rarer codes of a second are summed up: a page shows no more lines, and nobody's event is large. */
const MOST_CODES = 50
/**
 * Codes that are remembered not to be new, some 20 MB of them at worst. Whoever has more of them than that uses
 * something as a code that is none, and each is not news.
 */
export const MOST_REMEMBERED = 100_000

interface Pair {
  provider: string
  code: string
}
const keyOf = ({ provider, code }: Pair): string => `${provider}\n${code}`

/** What happens now, told as it happens. `seen` are the codes without documentation that are not new. */
export function createLive(seen: readonly Pair[], tickMs = TICK_MS): Live {
  const remembered = new Set(seen.map(keyOf))
  const ring = eventRing(KEPT_EVENTS, Date.now().toString(36))
  const followers = new Set<(frame: string) => void>()
  const counters: StreamCounters = { open: 0, slow: 0 }
  let counts = new Map<string, CodeCount>()
  let fresh: CodeCount[] = []
  let tick: NodeJS.Timeout | undefined
  let countUntil = 0

  function delivered(block: Delivered): void {
    // Counting costs a look at every row; where nobody follows, only what nobody documents is looked at.
    const all = followers.size > 0 || Date.now() < countUntil
    for (const one of block.codes(all ? 'all' : 'unknown')) {
      if (one.standing === 'unknown') noteUnknown(one)
      if (all) add(one)
    }
    if (counts.size > 0 || fresh.length > 0) tick ??= setTimeout(publish, tickMs).unref()
  }

  function noteUnknown(one: CodeCount): void {
    const key = keyOf(one)
    if (remembered.has(key) || remembered.size >= MOST_REMEMBERED) return
    remembered.add(key)
    fresh.push(one)
  }

  function add(one: CodeCount): void {
    const key = `${keyOf(one)}\n${one.standing}`
    const before = counts.get(key)
    if (before === undefined) counts.set(key, { ...one })
    else before.count += one.count
  }

  function publish(): void {
    tick = undefined
    const at = new Date().toISOString()
    if (fresh.length > 0) {
      send('unknown_codes', { at, codes: fresh.slice(0, MOST_CODES).map(newcomer), more: rest(fresh.length) })
    }
    if (counts.size > 0) send('counts', { at, ...summary([...counts.values()]) })
    counts = new Map()
    fresh = []
  }

  function send(name: string, data: unknown): void {
    const frame = ring.add(name, data)
    for (const follower of followers) follower(frame)
  }

  return {
    delivered,
    follow(after, send) {
      // Nobody counted in between.
      if (followers.size === 0 && Date.now() >= countUntil) ring.forget()
      const missed = after === undefined ? [] : ring.after(after)
      // Said without an id: whoever comes back once more is still after the last event it saw.
      if (missed === null) send('event: gap\ndata: {}\n\n')
      for (const frame of missed ?? []) send(frame)
      followers.add(send)
      return () => {
        followers.delete(send)
        countUntil = Date.now() + KEEP_COUNTING_MS
      }
    },
    counters,
    close() {
      clearTimeout(tick)
      followers.clear()
    },
  }
}

function summary(all: CodeCount[]) {
  const sorted = all.sort((a, b) => b.count - a.count)
  return {
    errors: sorted.reduce((sum, { count }) => sum + count, 0),
    codes: sorted
      .slice(0, MOST_CODES)
      .map(({ provider, code, standing, count }) => ({ provider, code, standing, count })),
    more: rest(sorted.length),
  }
}

/** Codes beyond those that are named. */
const rest = (count: number): number => Math.max(0, count - MOST_CODES)

const newcomer = ({ provider, code, status, service, service_version }: CodeCount) => ({
  provider,
  code,
  status,
  service,
  service_version,
})
