import type { Span } from '@opentelemetry/api'
import { FailedCalls } from './failed-calls.ts'
import { currentScope } from './scope.ts'
import type { Announced } from './sent-headers.ts'
import { SentKeys } from './sent-keys.ts'
import { type MarkedCall, markedCall } from './with-call.ts'

/** A request as far as it decides which logical call it belongs to. */
export interface SentCall {
  /** Method and URL with its query; no part of a span. */
  target: string
  /** Bytes of the body, where that is known. */
  length: number | null
  announced: Announced
  /** What of the client's stays the same when it sends a call again by itself. */
  sender: object | null
}

/** Which attempt of which logical call a request is. */
export interface Attempt {
  readonly number: number
  /** null where nothing tells. */
  id: string | null
  readonly sent: SentCall
  readonly scope: string
  readonly marked: MarkedCall | undefined
}

/**
 * Tells attempts of one logical call: by what the request itself says, by what the application marked, and else by what
 * failed right before. Only what can be told honestly: calls that merely look alike stay several.
 */
export class Attempts {
  private readonly failed = new FailedCalls()
  private readonly keys = new SentKeys()
  private readonly senders = new WeakMap<object, Attempt>()
  private hasSenders = false

  /** `span` is the one of this request. */
  begin(sent: SentCall, span: Span | null): Attempt {
    const { announced, target } = sent
    const marked = markedCall()
    const scope = currentScope(span)
    const attempt = (number: number, id: string | null): Attempt => ({
      number: announced.attempt ?? number,
      id,
      sent,
      scope,
      marked,
    })
    if (announced.id !== null) return attempt(this.keys.next(announced.id), announced.id)
    if (marked !== undefined) {
      const number = marked.sent.get(target) ?? 0
      marked.sent.set(target, number + 1)
      return attempt(number, marked.id)
    }
    const repeated = this.bySender(sent) ?? this.byScope(sent, scope)
    return repeated === null ? attempt(0, null) : attempt(repeated.number + 1, repeated.id)
  }

  /** It failed, and may be sent again: the next send of the same may be the next attempt. */
  mayRepeat(attempt: Attempt, waitMs: number): void {
    const { sent, scope, marked } = attempt
    if (sent.announced.id !== null || marked !== undefined) return
    const { number, id } = attempt
    if (sent.sender !== null) {
      this.hasSenders = true
      this.senders.set(sent.sender, attempt)
    }
    this.failed.remember(keyOf(scope, sent), { number, id, length: sent.length }, Date.now(), waitMs)
  }

  /** It turned out to be final after all. */
  isFinal({ sent, scope }: Attempt): void {
    if (sent.sender !== null) this.senders.delete(sent.sender)
    this.failed.forget(keyOf(scope, sent))
  }

  /** A redirect or an auth challenge came back: what is sent next is no retry. */
  isChallenged({ sent, marked, number }: Attempt): void {
    if (sent.announced.id !== null) this.keys.takeBack(sent.announced.id)
    else marked?.sent.set(sent.target, number)
  }

  private bySender(sent: SentCall): { number: number; id: string | null } | null {
    if (!this.hasSenders || sent.sender === null) return null
    const before = this.senders.get(sent.sender)
    if (before === undefined) return null
    this.isFinal(before)
    return before
  }

  private byScope(sent: SentCall, scope: string): { number: number; id: string | null } | null {
    return this.failed.isEmpty ? null : this.failed.take(keyOf(scope, sent), sent.length, Date.now())
  }
}

const keyOf = (scope: string, { target }: SentCall): string => `${scope} ${target}`
