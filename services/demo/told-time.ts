// The history is the same traffic as what is live, made quickly: each request from outside is told to have come at a
// time of its own, and whatever happens for it, in whichever process, happens in that time. It travels with the request
// as OpenTelemetry's baggage.

/** A request from outside, and how its time is reckoned. */
export interface Told {
  id: string
  /** When it is told to have come, and when it really did; Unix time in ms. */
  at: number
  real: number
  /** So much of told time passes in a real moment. */
  pace: number
}

const KEY = 'shop'
/** The history's pace: what takes 3 ms on this machine is told to have taken 60. */
const HISTORY_PACE = 20
/** What is nearly now need not hurry; and it must not end in the future. */
const NEARLY_NOW_MS = 20_000

export const tellAt = (id: string, at: number): Told => {
  const real = Date.now()
  return { id, at: Math.min(at, real), real, pace: real - at > NEARLY_NOW_MS ? HISTORY_PACE : 1 }
}

export const baggageOf = ({ id, at, real, pace }: Told): string =>
  `${KEY}=${[id, Math.round(at), real, pace].join('~')}`

/** null for a request that is not of the story. */
export function toldOf(baggage: string | undefined): Told | null {
  const [, id, at, real, pace] =
    /(?:^|,)\s*shop=([a-z0-9-]{1,64})~(\d{1,16})~(\d{1,16})~(\d{1,4})/.exec(baggage ?? '') ?? []
  return pace === undefined ? null : { id, at: Number(at), real: Number(real), pace: Number(pace) }
}

export const toldMs = ({ at, real, pace }: Told, realMs: number): number => at + (realMs - real) * pace

/** Waits for as long as it is told to take. */
export const pause = (told: Told | null, ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms / (told?.pace ?? 1)))
