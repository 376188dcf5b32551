import { z } from 'zod'

export const check = z.object({
  name: z.string().describe('What was looked at: store, transport, consumer.'),
  ok: z.boolean(),
  reason: z.string().optional().describe('Why not; for a person.'),
})
export type Check = z.output<typeof check>

export interface Readiness {
  ok: boolean
  checks: Check[]
}
