import { setTimeout as delay } from 'node:timers/promises'
import { openSender, type SenderOptions, type SenderStats } from './sender.ts'

export interface Letter {
  origin: string
  offset: number
  reason: string
  detail: string
  bytes: Buffer
}

export interface DeadLetters {
  /** Until it is durable; false when `close` comes first. */
  bury(letter: Letter): Promise<boolean>
  stats(): SenderStats
  close(): Promise<void>
}

/** Prefixed, for the topic may be shared. */
export const LETTER_HEADERS = {
  origin: 'telltale-origin',
  offset: 'telltale-offset',
  reason: 'telltale-reason',
  detail: 'telltale-detail',
} as const
/** On a message with a letter's key that says it was sent through again. */
export const REPLAYED_HEADER = 'telltale-replayed'
const DETAIL_CHARACTERS = 500
const FIRST_RETRY_MS = 200
const LAST_RETRY_MS = 5_000

/** The topic of what could not be decoded, with its bytes. A letter's key says where it came from: it may come twice. */
export function openDeadLetters(options: SenderOptions): DeadLetters {
  const sender = openSender(options)
  const closing = new AbortController()
  return {
    async bury({ origin, offset, reason, detail, bytes }) {
      const message = {
        key: Buffer.from(`${origin}:${offset}`),
        // A copy, for an attempt that is given up here may still go on below.
        value: Buffer.from(bytes),
        headers: {
          [LETTER_HEADERS.origin]: origin,
          [LETTER_HEADERS.offset]: String(offset),
          [LETTER_HEADERS.reason]: reason,
          [LETTER_HEADERS.detail]: detail.slice(0, DETAIL_CHARACTERS),
        },
      }
      for (let wait = FIRST_RETRY_MS; !closing.signal.aborted; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
        const { status } = await sender.append(message)
        if (status === 'done') return true
        await delay(wait, undefined, { signal: closing.signal }).catch(() => {})
      }
      return false
    },
    stats: () => sender.stats(),
    async close() {
      closing.abort()
      await sender.close()
    },
  }
}
