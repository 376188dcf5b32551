import type { DeadLetter } from './decoded.ts'

/** So many payloads are looked back upon … */
const WINDOW = 100
/** … and so many dead ones among them are no accident any more: the topic holds something else than OTLP. */
const LIMIT = 90

export interface Breaker {
  /** A payload that could be decoded. */
  good(): void
  /** Puts a letter away; false when it was not put away because the end came first. */
  bury(letter: DeadLetter, signal: AbortSignal): Promise<boolean>
  /** Why nothing is consumed any more, or null. */
  problem(): string | null
}

/**
 * Stops who buries nearly everything, until a person has looked: a wrong encoding shall not carry a topic to the grave.
 * It stays that way until the next start, which begins where this one stopped.
 */
export function createBreaker(bury: (letter: DeadLetter) => Promise<boolean>): Breaker {
  const last: boolean[] = []
  let dead = 0
  let problem: string | null = null

  function note(isDead: boolean): void {
    last.push(isDead)
    if (isDead) dead++
    if (last.length > WINDOW && last.shift()) dead--
  }

  return {
    good: () => note(false),
    async bury(letter, signal) {
      note(true)
      if (dead >= LIMIT)
        problem ??= `${dead} of the last ${last.length} payloads could not be decoded (${letter.detail}); is the topic's encoding otlp_proto or otlp_json?`
      if (problem !== null) {
        await ended(signal)
        return false
      }
      return bury(letter)
    },
    problem: () => problem,
  }
}

const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
