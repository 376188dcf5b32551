import { createGuard, type Guard } from '../../services/access/guard.ts'
import { createRateLimit } from '../../services/access/rate-limit.ts'
import { openTokens, type Tokens } from '../../services/access/tokens.ts'
import type { Client } from '../../services/store/client.ts'

/** The tokens of a store and a guard over them, as an instance that listens on this machine only has them. */
export async function accessOn(
  client: Pick<Client, 'query' | 'command'>,
  { isLocal = true, isInsecure = false, perMinute = 1_000_000 } = {},
): Promise<{ tokens: Tokens; guard: Guard }> {
  const tokens = await openTokens({ query: client.query, command: client.command, notice: () => {} })
  return { tokens, guard: createGuard({ tokens, isLocal, isInsecure, rate: createRateLimit(perMinute) }) }
}
