import { DIMENSIONS, type Dimension } from '../../contract/tables.ts'
import { Rows } from './column.ts'
import { Dictionary } from './dictionary.ts'
import { ProviderHints } from './provider-hints.ts'
import { TrafficCounter } from './traffic.ts'

export type Dictionaries = Record<Dimension, Dictionary>

export const newDictionaries = (limit: number): Dictionaries =>
  Object.fromEntries(DIMENSIONS.map((name) => [name, new Dictionary(limit)])) as Dictionaries

/** Why something in a payload was not taken as it came; each is a metric. */
export interface Counts {
  /** Spans read, whatever became of them. */
  spans: number
  /** Spans refused as malformed. */
  rejected: number
  /** Spans kept as error rows. */
  kept: number
  /** Spans counted into traffic. */
  counted: number
  /** Times moved to the time of arrival because no clock can be that wrong. */
  clamped: number
  /** Attributes past the limit of one span, not looked at. */
  attributesDropped: number
}

/**
 * What one payload was decoded to. One is made and reused: the decoder fills it, the classifier completes it in
 * place, and the record encoder copies it out before the next payload arrives.
 *
 * Until the payload is classified the provider columns (and the traffic keys) hold numbers of `providerHints`,
 * afterwards numbers of the provider dictionary.
 */
export class Payload {
  readonly dictionaries: Dictionaries
  readonly providerHints = new ProviderHints()
  readonly errors = new Rows('errors', 1024)
  readonly attempts = new Rows('attempts', 64)
  readonly quotaSamples = new Rows('quota_samples', 64)
  readonly traffic = new TrafficCounter()
  readonly counts: Counts = { spans: 0, rejected: 0, kept: 0, counted: 0, clamped: 0, attributesDropped: 0 }
  /** Refused spans by what was wrong with them, as decode/wire.ts numbers it. */
  readonly rejectedFor = new Uint32Array(8)
  /** Why the first refused span was refused; for the client. */
  firstRejection = ''
  /** Two 32-bit halves folded over every span's identity: with length and checksum of the bytes, a payload's fingerprint. */
  mixLow = 0
  mixHigh = 0

  constructor(cardinality: number) {
    this.dictionaries = newDictionaries(cardinality)
  }

  reset(): void {
    for (const name of DIMENSIONS) this.dictionaries[name].reset()
    this.providerHints.reset()
    this.errors.reset()
    this.attempts.reset()
    this.quotaSamples.reset()
    this.traffic.reset()
    const counts = this.counts
    counts.spans =
      counts.rejected =
      counts.kept =
      counts.counted =
      counts.clamped =
      counts.attributesDropped =
        0
    if (this.firstRejection !== '') this.rejectedFor.fill(0)
    this.firstRejection = ''
    this.mixLow = this.mixHigh = 0
  }

  /** Nothing in it changes any table. */
  get isEmpty(): boolean {
    return (
      this.errors.count === 0 &&
      this.attempts.count === 0 &&
      this.quotaSamples.count === 0 &&
      this.traffic.count === 0
    )
  }
}
