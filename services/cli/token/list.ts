import type { Command } from 'commander'
import type { TokenRow } from '../../store/queries/tokens.ts'
import { type Ask, type AskingFlags, asking, refusal, withAsking } from '../answers/asking.ts'
import { complain, GOOD, print, printJson } from '../run.ts'
import { type Column, table } from '../text/table.ts'
import { tableColumns } from '../text/terminal.ts'

/** `telltale token list`: which there are, and whether anybody uses them. */
export const addTokenList = (token: Command): Command =>
  withAsking(token.command('list'))
    .description('the tokens there are, the newest first')
    .addHelpText('after', '\nExample:\n  $ telltale token list')
    .action(async ({ data, config, url, json }: AskingFlags) => {
      process.exitCode = await asking({ data, config, url }, (ask) => list(ask, json))
    })

async function list(ask: Ask, json?: true): Promise<number> {
  const answer = await ask<TokenRow[]>('/api/v1/tokens')
  if (answer.status !== 'answered') return refusal(answer)
  if (json) printJson(answer.data)
  else if (answer.data.length === 0) {
    print('There are no tokens.')
    complain(
      'without one, only this machine is served; `telltale token create --scope admin` makes the first.',
    )
  } else print(table(COLUMNS, answer.data, tableColumns()).join('\n'))
  return GOOD
}

const COLUMNS: Column<TokenRow>[] = [
  { title: 'ID', text: ({ id }) => id },
  { title: 'NAME', text: ({ name }) => name || '–', least: 8 },
  { title: 'OPENS', text: ({ scopes }) => scopes.join(' ') },
  { title: 'STATE', text: stateText, style: (row) => (stateText(row) === 'good' ? undefined : 'dim') },
  { title: 'LAST USED', text: ({ last_used_at }) => minute(last_used_at, 'never') },
  { title: 'EXPIRES', text: ({ expires_at }) => minute(expires_at, 'never'), spare: 1 },
  { title: 'MADE', text: ({ created_at }) => minute(created_at, '–'), spare: 2 },
]

function stateText({ revoked_at, expires_at }: TokenRow): string {
  if (revoked_at !== null) return 'revoked'
  return expires_at !== null && Date.parse(expires_at) <= Date.now() ? 'expired' : 'good'
}

const minute = (time: string | null, none: string): string =>
  time === null ? none : time.slice(0, 16).replace('T', ' ')
