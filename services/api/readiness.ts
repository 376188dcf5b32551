export interface Check {
  /** What was looked at: store, transport, consumer. */
  name: string
  ok: boolean
  /** Why not; for a person. */
  reason?: string
}

export interface Readiness {
  ok: boolean
  checks: Check[]
}
