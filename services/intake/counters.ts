export type Signal = 'traces' | 'logs' | 'metrics'

/** What the intake has done so far; read by whoever shows metrics. */
export interface IntakeCounters {
  /** Requests answered, by what they brought ('other': an unknown path, or no HTTP at all) and status. */
  answers: Record<Signal | 'other', Record<number, number>>
  /** Bytes of bodies as they came, and after decompression. */
  wireBytes: number
  bodyBytes: number
  /** Requests whose client went away before they could be answered. */
  aborted: number
  /** Connections turned away because there were too many. */
  droppedConnections: number
  /** Answered 503 because of a mistake in this program. */
  failures: number
  /** Bytes of bodies in memory now. */
  inFlightBytes: number
}

export const newIntakeCounters = (): IntakeCounters => ({
  answers: { traces: {}, logs: {}, metrics: {}, other: {} },
  wireBytes: 0,
  bodyBytes: 0,
  aborted: 0,
  droppedConnections: 0,
  failures: 0,
  inFlightBytes: 0,
})

export function countAnswer(counters: IntakeCounters, signal: Signal | undefined, status: number): void {
  const answers = counters.answers[signal ?? 'other']
  answers[status] = (answers[status] ?? 0) + 1
}
