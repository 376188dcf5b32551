import type { Command } from 'commander'
import type { ListedCode } from '../../api/routes/codes.ts'
import { CODE_SORTS, ORDERS } from '../../store/queries/codes.ts'
import { type Ask, type AskingFlags, asking, queryOf, refusal, withAsking } from '../answers/asking.ts'
import { complain, GOOD, print, printJson } from '../run.ts'
import { number, percent } from '../text/numbers.ts'
import { sparkline } from '../text/sparkline.ts'
import { table } from '../text/table.ts'
import { tableColumns } from '../text/terminal.ts'
import { codeColumns } from './code-columns.ts'
import { withFilters } from './filters.ts'

const LIMIT = '50'
const TREND_CELLS = 8

/** `telltale codes`: the codes of a period, most frequent first. */
export const addCodes = (program: Command): Command =>
  withFilters(withAsking(program.command('codes')))
    .description('which error codes occurred, how often, and what their catalogs say')
    .argument('[text]', 'only codes that contain this')
    .option('--from <time>', 'from this time on: -15m, -24h, -7d or RFC 3339 (-24h)')
    .option('--to <time>', 'until this time (now)')
    .option('--sort <word>', CODE_SORTS.join(', '))
    .option('--order <word>', ORDERS.join(' or '))
    .option('--limit <n>', `at most so many (${LIMIT})`)
    .addHelpText(
      'after',
      `
Examples:
  $ telltale codes
  $ telltale codes --from -1h --standing unknown
  $ telltale codes TIMEOUT --provider session-api --json`,
    )
    .action(async (q: string | undefined, { data, config, url, json, ...filters }: AskingFlags) => {
      const query = queryOf({ limit: LIMIT, ...filters, q })
      process.exitCode = await asking({ data, config, url }, (ask) => codes(ask, query, json))
    })

async function codes(ask: Ask, query: string, json?: true): Promise<number> {
  const answer = await ask<ListedCode[]>(`/api/v1/codes${query}`)
  if (answer.status !== 'answered') return refusal(answer)
  const rows = answer.data
  if (json) {
    printJson(rows)
    return GOOD
  }
  if (rows.length === 0) {
    print('No error in that time.')
    complain('a longer one is asked for with --from -7d; counts may take a second to show.')
    return GOOD
  }
  const columns = codeColumns<ListedCode>(
    { title: 'COUNT', text: ({ count }) => number(count), align: 'right' },
    { title: 'SHARE', text: ({ share }) => percent(share), align: 'right', spare: 3 },
    { title: 'TREND', text: ({ trend }) => sparkline(trend, TREND_CELLS), spare: 2 },
  )
  print(table(columns, rows, tableColumns()).join('\n'))
  if (answer.meta.next_cursor) complain('there are more; --limit 1000 shows them.')
  return GOOD
}
