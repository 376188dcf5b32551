import { setTimeout as delay } from 'node:timers/promises'
import type { Intent, Ledger } from '../contract/ledger.ts'
import type { Source } from '../contract/source.ts'
import { Block } from './block.ts'
import { type BlockStore, deliver } from './deliver.ts'

export interface ConsumerLimits {
  /** Distinct values per column and block. */
  cardinality: number
  /** A block is full at so many rows … */
  blockRows: number
  /** … or when its first record has waited so long … */
  blockMs: number
  /** While there is more to read than what comes in it is late already, and small blocks are dear: then at so many … */
  readonly behindRows: number
  /** … or after so long. */
  behindMs: number
}

/** Big blocks are what the store is fast with; and an error should be found within a second and a half of its report. */
export const BLOCK_LIMITS = { blockRows: 100_000, blockMs: 800, behindRows: 300_000, behindMs: 15_000 }

export interface ConsumerCounters {
  blocks: number
  records: number
  overflowed: number
  replays: number
  /** The range that a crash left behind, if any, is in the store. */
  recovered: boolean
  retries: number
  /** Why nothing moves at present, or null. */
  problem: string | null
  /** It will not be better by itself: the store says of the very bytes that it does not take them. */
  refused: boolean
}

/** A block that is in the store. */
export interface Delivered {
  rows: number
  seconds: number
  /** Its error codes; only while it is being told of, for a block is made again and again. */
  codes: Block['codes']
}

export const newConsumerCounters = (): ConsumerCounters => ({
  blocks: 0,
  records: 0,
  overflowed: 0,
  replays: 0,
  recovered: false,
  retries: 0,
  problem: null,
  refused: false,
})

export interface Consumer {
  /** Settles when the consumer has stopped; fails when it cannot go on, which is a bug or a journal gone bad. */
  done: Promise<void>
  /** Delivers what is durable already, then stops. */
  stop(): Promise<void>
}

const READ_BYTES = 4 << 20
const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 5_000

/** Reads records in order, makes blocks of them and delivers one while the next one fills. */
export function startConsumer(parts: {
  source: Source
  ledger: Ledger
  store: BlockStore
  limits: ConsumerLimits
  counters: ConsumerCounters
  /** Hears of each block that is in the store. */
  delivered?: (block: Delivered) => void
  log: (message: string, details: Record<string, unknown>) => void
}): Consumer {
  const { source, ledger, store, limits, counters, delivered = () => {}, log } = parts
  const stopping = new AbortController()
  let filling = new Block(source.origin, limits.cardinality)
  let spare = new Block(source.origin, limits.cardinality)
  let delivering: Promise<boolean> = Promise.resolve(true)

  /** False when the stop came first: the intent stands, and the next process goes on from there. */
  async function deliverUntilDone(block: Block): Promise<boolean> {
    let wait = FIRST_RETRY_MS
    const started = performance.now()
    for (;;) {
      const outcome = await deliver(store, ledger, block)
      if (outcome.status === 'done') break
      // Acknowledged records are never given up: the block stays, the journal grows up to its limit, then intake
      // answers 503.
      counters.retries++
      counters.problem = outcome.error.message
      counters.refused = outcome.status === 'reject'
      log('a block could not be stored; trying again', {
        first: block.first,
        end: block.end,
        error: outcome.error,
      })
      if (stopping.signal.aborted) return false
      await delay(wait, undefined, { signal: stopping.signal }).catch(() => {})
      wait = Math.min(wait * 2, LAST_RETRY_MS)
    }
    counters.problem = null
    counters.refused = false
    counters.blocks++
    counters.records += block.records
    delivered({
      rows: block.size,
      seconds: (performance.now() - started) / 1000,
      codes: (which) => block.codes(which),
    })
    counters.overflowed += block.overflowed
    await source.release(block.end)
    return true
  }

  /** Makes exactly the block that an earlier process meant to insert, under the limits it had. */
  async function replay({ first, end, shape }: Intent): Promise<boolean> {
    const cardinality = typeof shape?.cardinality === 'number' ? shape.cardinality : limits.cardinality
    const block = new Block(source.origin, cardinality)
    block.reset(first)
    source.begin?.(shape ?? {})
    while (block.end < end) {
      const records = await source.read(block.end, READ_BYTES)
      if (records.length === 0) {
        await source.wait(block.end, stopping.signal)
        if (stopping.signal.aborted) return false
      }
      for (const { offset, record } of records)
        if (offset < end) block.add(offset, record)
        else block.extend(end)
    }
    Object.assign(block.shape, source.decided?.())
    counters.replays++
    return deliverUntilDone(block)
  }

  /** Fills a block until it is full, old enough, or there will be no more; false when nothing came before the stop. */
  async function fill(block: Block): Promise<boolean> {
    let began = Number.POSITIVE_INFINITY
    for (;;) {
      const isBehind = source.isBehind?.() ?? false
      const rows = isBehind ? limits.behindRows : limits.blockRows
      const now = performance.now()
      const deadline = began + (isBehind ? limits.behindMs : limits.blockMs)
      if (block.size >= rows || now >= deadline) break
      const records = await source.read(block.end, READ_BYTES)
      if (records.length > 0) {
        began = Math.min(began, now)
        for (const { offset, record } of records) {
          block.add(offset, record)
          if (block.size >= rows) break
        }
        continue
      }
      if (stopping.signal.aborted) break
      const timeout =
        deadline === Number.POSITIVE_INFINITY ? [] : [AbortSignal.timeout(Math.ceil(deadline - now))]
      await source.wait(block.end, AbortSignal.any([stopping.signal, ...timeout]))
    }
    return block.records > 0
  }

  async function run(): Promise<void> {
    for (let { intent } = ledger.read(); intent !== null; { intent } = ledger.read())
      if (!(await replay(intent))) return
    counters.recovered = true
    let next = ledger.read().position
    for (;;) {
      filling.reset(next)
      source.begin?.(null)
      const some = await fill(filling)
      Object.assign(filling.shape, source.decided?.())
      if (!(await delivering) || !some) return
      next = filling.end
      delivering = deliverUntilDone(filling)
      // Its failure is met at the `await` above; until then it must not count as unhandled.
      delivering.catch(() => {})
      const full = filling
      filling = spare
      spare = full
    }
  }

  const running = run()
  return {
    done: running,
    async stop() {
      stopping.abort()
      await running
    },
  }
}
