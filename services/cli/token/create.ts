import type { Command } from 'commander'
import { SCOPES } from '../../contract/scopes.ts'
import type { TokenRow } from '../../store/queries/tokens.ts'
import { type Ask, type AskingFlags, asking, refusal, withAsking } from '../answers/asking.ts'
import { complain, GOOD, print, printJson, WRONG_USE } from '../run.ts'
import { plain } from '../text/terminal.ts'

interface Flags extends AskingFlags {
  scope: string[]
  name?: string
  expires?: string
}

/** `telltale token create`: a new token, shown this once. */
export const addTokenCreate = (token: Command): Command =>
  withAsking(token.command('create'))
    .description('make a token; it is printed this once and kept nowhere')
    .requiredOption('--scope <scope...>', 'what it opens: ingest, read, or admin for everything')
    .option('--name <name>', 'what it is for')
    .option('--expires <time>', 'when it ends: 12h, 90d, 1y or RFC 3339 (never)')
    .addHelpText(
      'after',
      `
Examples:
  $ telltale token create --scope admin --name me
  $ telltale token create --scope ingest --name checkout --expires 90d`,
    )
    .action(async ({ data, config, url, json, scope, name, expires }: Flags) => {
      const scopes = scope.flatMap((one) => one.split(','))
      const stranger = scopes.find((one) => !SCOPES.some((known) => known === one))
      if (stranger !== undefined) {
        complain(`--scope ${plain(stranger)}: there is no such scope; there are ${SCOPES.join(', ')}`)
        process.exitCode = WRONG_USE
        return
      }
      const wanted = { scopes, name, expires }
      process.exitCode = await asking({ data, config, url }, (ask) => create(ask, wanted, json), 'new store')
    })

async function create(ask: Ask, wanted: object, json?: true): Promise<number> {
  const answer = await ask<TokenRow & { token: string }>('/api/v1/tokens', wanted)
  if (answer.status !== 'answered') return refusal(answer)
  const { token, ...row } = answer.data
  const ends = row.expires_at === null ? 'does not expire' : `expires ${row.expires_at}`
  // The token alone goes to stdout, so that a script can take it from there.
  if (json) printJson(answer.data)
  else print(token)
  complain(
    `this is ${row.id}${row.name && ` (${plain(row.name)})`}, opens ${row.scopes.join(' and ')}, ${ends}. ` +
      'Keep it: it cannot be shown again.',
  )
  if (!row.scopes.includes('admin')) await sayIfNobodyIsAdmin(ask)
  return GOOD
}

/** Without a token that makes tokens, a running instance cannot be given another one. */
async function sayIfNobodyIsAdmin(ask: Ask): Promise<void> {
  const answer = await ask<TokenRow[]>('/api/v1/tokens')
  const isLockedOut = answer.status === 'refused' && answer.code === 'token_missing'
  const isNobody =
    answer.status === 'answered' &&
    !answer.data.some(({ scopes, revoked_at }) => scopes.includes('admin') && revoked_at === null)
  if (isLockedOut || isNobody)
    complain(
      'from now on everything takes a token, and more of them are made with one of the scope admin ' +
        '(in TELLTALE_TOKEN), or with --data while telltale is stopped.',
    )
}
