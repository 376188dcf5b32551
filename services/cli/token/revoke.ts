import type { Command } from 'commander'
import type { TokenRow } from '../../store/queries/tokens.ts'
import { type Ask, type AskingFlags, asking, refusal, withAsking } from '../answers/asking.ts'
import { GOOD, print, printJson } from '../run.ts'
import { plain } from '../text/terminal.ts'

/** `telltale token revoke`: an end to one. */
export const addTokenRevoke = (token: Command): Command =>
  withAsking(token.command('revoke'))
    .description('end a token; the next request with it is refused')
    .argument('<id>', 'as `telltale token list` has it, like tok_5c1f0b7f2f0e')
    .addHelpText('after', '\nExample:\n  $ telltale token revoke tok_5c1f0b7f2f0e')
    .action(async (id: string, { data, config, url, json }: AskingFlags) => {
      process.exitCode = await asking({ data, config, url }, (ask) => revoke(ask, id, json))
    })

async function revoke(ask: Ask, id: string, json?: true): Promise<number> {
  const answer = await ask<TokenRow>(`/api/v1/tokens/${encodeURIComponent(id)}`, undefined, 'DELETE')
  if (answer.status !== 'answered') return refusal(answer)
  const { name, revoked_at } = answer.data
  if (json) printJson(answer.data)
  else print(`${id}${name && ` (${plain(name)})`} is revoked since ${revoked_at}.`)
  return GOOD
}
