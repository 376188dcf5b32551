import type { Command } from 'commander'
import type { QuotaRow } from '../../store/queries/quotas.ts'
import { type Ask, type AskingFlags, asking, queryOf, refusal, withAsking } from '../answers/asking.ts'
import { complain, GOOD, print, printJson } from '../run.ts'
import { duration, number, percent } from '../text/numbers.ts'
import { type Column, table } from '../text/table.ts'
import { type Style, tableColumns } from '../text/terminal.ts'

/** `telltale quotas`: what is left of every limit, the emptiest first. */
export const addQuotas = (program: Command): Command =>
  withAsking(program.command('quotas'))
    .description('what is left of every rate limit and allowance, the emptiest first')
    .option('--provider <name>', 'of this API')
    .option('--service <name>', 'read by this service')
    .option('--from <time>', 'read at this time or later: -15m, -24h or RFC 3339 (-24h)')
    .option('--to <time>', 'read before this time (now)')
    .option('--limit <n>', 'at most so many (100)')
    .addHelpText(
      'after',
      `
Examples:
  $ telltale quotas
  $ telltale quotas --provider session-api --from -1h --json`,
    )
    .action(async ({ data, config, url, json, ...parameters }: AskingFlags) => {
      const query = queryOf(parameters)
      process.exitCode = await asking({ data, config, url }, (ask) => quotas(ask, query, json))
    })

async function quotas(ask: Ask, query: string, json?: true): Promise<number> {
  const answer = await ask<QuotaRow[]>(`/api/v1/quotas${query}`)
  if (answer.status !== 'answered') return refusal(answer)
  if (json) printJson(answer.data)
  else if (answer.data.length === 0) {
    print('No limit was read in that time.')
    complain(
      'limits are read from rate-limit headers on client spans; a longer time is asked for with --from -7d.',
    )
  } else print(table(columnsAt(Date.now()), answer.data, tableColumns()).join('\n'))
  return GOOD
}

const columnsAt = (now: number): Column<QuotaRow>[] => [
  { title: 'LIMIT', text: ({ name }) => name || '(unnamed)', least: 10, style: () => 'bold' },
  { title: 'PROVIDER', text: ({ provider }) => provider, least: 11 },
  { title: 'SERVICE', text: ({ service }) => service, least: 8 },
  { title: 'CONSUMER', text: ({ consumer }) => consumer || '–', least: 8, spare: 2 },
  { title: 'LEFT', text: ({ remaining }) => numberOr(remaining), align: 'right' },
  { title: 'OF', text: ({ limit }) => numberOr(limit), align: 'right' },
  { title: '', text: (row) => leftText(row), align: 'right', style: (row) => STYLE(leftOf(row)) },
  { title: 'RESETS', text: ({ reset }) => (reset === null ? '–' : whenText(Date.parse(reset), now)) },
  { title: 'READ', text: ({ ts }) => whenText(Date.parse(ts), now), spare: 1 },
]

const numberOr = (value: number | null) => (value === null ? '–' : number(value))

const leftOf = ({ limit, remaining }: QuotaRow): number | null =>
  limit === null || remaining === null || limit <= 0 ? null : remaining / limit
const leftText = (row: QuotaRow) => {
  const left = leftOf(row)
  return left === null ? '' : percent(left)
}

const LOW = 0.1
const STYLE = (left: number | null): Style | undefined => {
  if (left === null || left > LOW) return undefined
  return left === 0 ? ['red', 'bold'] : 'yellow'
}

const SECOND = 1000
const whenText = (time: number, now: number): string => {
  const seconds = Math.round(Math.abs(time - now) / SECOND) * SECOND
  return time >= now ? `in ${duration(seconds)}` : `${duration(seconds)} ago`
}
