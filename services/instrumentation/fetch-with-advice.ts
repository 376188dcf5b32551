import { errorStart } from './advice/error-start.ts'
import { budgetOf, type RetryBudget } from './advice/retry-budget.ts'
import { sentOf } from './advice/sent-again.ts'
import { markedCall, withCall } from './calls/with-call.ts'
import { type RetryAdvice, type RetryAdviceOptions, retryAdvice } from './retry-advice.ts'

export type { RetryBudget } from './advice/retry-budget.ts'
export { retryBudget } from './advice/retry-budget.ts'

export interface FetchWithAdviceOptions extends Omit<RetryAdviceOptions, 'attempt' | 'host'> {
  /** The first one included. Default: 4. */
  maxAttempts?: number
  /** Whoever asks for a longer wait gets no resend: the answer is the caller's. Default: 60,000. */
  maxWaitMs?: number
  /** Default: one for each origin, a fifth of the calls. */
  budget?: RetryBudget
  /** Renews the credentials: gives the headers to send instead. Without it, nothing is sent again after an expired token. */
  reauth?: () => Promise<RequestInit['headers']> | RequestInit['headers']
  /** Waits; default: a timer. Rejects when the signal is aborted. */
  wait?: (ms: number, signal: AbortSignal | null) => Promise<void>
  fetch?: typeof globalThis.fetch
}

/**
 * fetch, that sends a failed call again where that is of use: as the catalog advises, waiting as long as the server asks or
 * a random time, never where the call may have been carried out and would be twice, never more than a share of all calls.
 * What it cannot mend it gives back as fetch does: the last response, unread, or the last error.
 */
export function fetchWithAdvice(
  input: string | URL | Request,
  init?: RequestInit,
  options: FetchWithAdviceOptions = {},
): Promise<Response> {
  const call = () => send(input, init, options)
  // What the application marked is its own call.
  return markedCall() === undefined ? withCall(crypto.randomUUID(), call) : call()
}

async function send(
  input: string | URL | Request,
  given: RequestInit | undefined,
  options: FetchWithAdviceOptions,
): Promise<Response> {
  const { maxAttempts = 4, maxWaitMs = 60_000, wait = waitFor, fetch = globalThis.fetch, reauth } = options
  const sent = sentOf(input, given)
  const { origin, hostname } = URL.canParse(sent.url) ? new URL(sent.url) : { origin: '', hostname: '' }
  const budget = options.budget ?? budgetOf(origin)
  budget.called()
  let init = given
  let hasRenewed = false

  for (let attempt = 0; ; attempt++) {
    const outcome = await attemptOnce(() => fetch(input, init))
    if (outcome.response?.ok === true) return outcome.response
    const error = outcome.response === null ? outcome.error : await readable(outcome.response)
    const advice = retryAdvice(error, { ...options, host: hostname, attempt })
    const isPossible = sent.isReplayable && attempt + 1 < maxAttempts && sent.signal?.aborted !== true
    const isWorthIt =
      isAdvised(advice, sent.isSafe, reauth !== undefined && !hasRenewed) && advice.afterMs <= maxWaitMs
    if (!isPossible || !isWorthIt || !budget.take()) {
      if (outcome.response === null) throw outcome.error
      return outcome.response
    }
    // Its connection is free for the next.
    void outcome.response?.body?.cancel().catch(() => {})
    await wait(advice.afterMs, sent.signal)
    if (advice.needs === 'reauth') {
      hasRenewed = true
      init = { ...init, headers: await reauth!() }
    }
  }
}

type Outcome = { response: Response; error: null } | { response: null; error: unknown }

async function attemptOnce(call: () => Promise<Response>): Promise<Outcome> {
  try {
    return { response: await call(), error: null }
  } catch (error) {
    return { response: null, error }
  }
}

/** Redirects that were asked not to be followed, and 304, are answers like any other. */
async function readable(response: Response): Promise<unknown> {
  const { status, headers } = response
  return { status, headers, body: status < 400 ? null : await errorStart(response) }
}

function isAdvised({ retry, needs }: RetryAdvice, isSafe: boolean, mayRenew: boolean): boolean {
  if (!retry) return false
  if (needs === 'reauth') return mayRenew
  return needs === 'nothing' || isSafe
}

function waitFor(ms: number, signal: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const abort = (): void => {
      clearTimeout(timer)
      reject(signal!.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', abort, { once: true })
  })
}
