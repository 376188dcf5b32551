import { z } from 'zod'
import { answer, refuse, success } from '../envelope.ts'
import type { Parts } from '../parts.ts'
import { withoutTimeLimit } from '../time-limit.ts'
import { type Api, parameters } from '../zod-provider.ts'

const schema = {
  summary: 'Back up the embedded store, as it is now',
  description:
    'Below the data directory of the instance, from where `telltale backup` takes it. What is reported meanwhile waits in the journal.',
  tags: ['store'],
  response: {
    200: answer(
      z.object({
        directory: z.string().describe('On the machine of the instance.'),
        format: z.literal(1),
        database: z.string(),
        made_at: z.string(),
        rows: z.record(z.string(), z.number()).describe('By table.'),
      }),
    ),
  },
  querystring: parameters({}),
}
const config = { scope: 'admin' } as const

export function registerBackups(app: Api, { upkeep }: Parts): void {
  app.post('/api/v1/backups', { schema, config }, async (request, reply) => {
    withoutTimeLimit(request)
    const made = await upkeep.backUp()
    if (made !== null) return success(request, made)
    return refuse(reply, 'store_unavailable', {
      message:
        'No backup was made: another one is being made, or a block under way could not be stored; or the store is a ClickHouse server, which has a BACKUP of its own.',
    })
  })
}
