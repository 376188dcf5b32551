import type { ApiErrorCode } from '../contract/errors.ts'
import { type Answer, tryAgain } from './answer.ts'
import type { Asked } from './asked.ts'
import { countAnswer, type IntakeCounters, type Signal } from './counters.ts'
import { encodingOf } from './media-type.ts'
import { createReceive, type ReceiveOptions, signalOf } from './receive.ts'

export interface Answered {
  /** undefined: an unknown path. */
  signal: Signal | undefined
  status: number
  /** Of our catalog, where the status says less. */
  code: ApiErrorCode | undefined
  seconds: number
  request: Pick<Asked, 'method' | 'headers'>
}

/** How whoever reads a request answers it. */
export interface Answering {
  /** Nobody is there to hear it. */
  isGone(): boolean
  send(answer: Answer): void
}

export interface ServeOptions extends ReceiveOptions {
  /** Hears of each answer. */
  answered?: (answer: Answered) => void
  /** Hears of mistakes in this program, never of what clients do. */
  log: (message: string, error: unknown) => void
}

/** From a request to its one answer, counted; the same for whoever reads it. */
export function createServe(options: ServeOptions, counters: IntakeCounters) {
  const { refusal, receive } = createReceive(options, counters)

  return {
    /** What can be said without the body; asked once a request, for it counts against the rate. */
    refusal: (asked: Asked): Answer | undefined => refusal(asked, signalOf(asked.url)),

    async serve(asked: Asked, to: Answering, refused: Answer | undefined): Promise<void> {
      const started = performance.now()
      const signal = signalOf(asked.url)
      let isSent = false
      const answer = (content: Answer | undefined) => {
        if (content === undefined || to.isGone()) counters.aborted++
        else {
          isSent = true
          countAnswer(counters, signal, content.status)
          to.send(content)
        }
        if (content === undefined) return
        const { status, code } = content
        const seconds = (performance.now() - started) / 1000
        options.answered?.({ signal, status, code, seconds, request: asked })
      }
      if (refused !== undefined) return answer(refused)
      try {
        answer(await receive(asked, signal!))
      } catch (error) {
        counters.failures++
        options.log('a request failed', error)
        if (!isSent) answer(tryAgain(encodingOf(asked.headers['content-type']), 'internal error', 1))
      }
    },
  }
}
