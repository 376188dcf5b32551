import type { Command } from 'commander'
import type { CatalogSummary } from '../../api/catalog-answers.ts'
import { type Ask, type AskingFlags, asking, refusal, withAsking } from '../answers/asking.ts'
import { GOOD, print, printJson } from '../run.ts'
import { number } from '../text/numbers.ts'
import { type Column, table } from '../text/table.ts'
import { tableColumns } from '../text/terminal.ts'

/** `telltale catalog list`: whose codes are known. */
export const addCatalogList = (catalog: Command): Command =>
  withAsking(catalog.command('list'))
    .description('whose error codes are documented here')
    .addHelpText('after', '\nExample:\n  $ telltale catalog list')
    .action(async (flags: AskingFlags) => {
      process.exitCode = await asking(flags, (ask) => list(ask, flags.json), 'catalogs')
    })

const LEAST = 12

async function list(ask: Ask, json?: true): Promise<number> {
  const answer = await ask<CatalogSummary[]>('/api/v1/catalogs')
  if (answer.status !== 'answered') return refusal(answer)
  if (json) printJson(answer.data)
  else print(table(COLUMNS, answer.data, tableColumns()).join('\n'))
  return GOOD
}

const COLUMNS: Column<CatalogSummary>[] = [
  { title: 'PROVIDER', text: ({ provider }) => provider, style: () => 'bold' },
  { title: 'CODES', text: ({ codes }) => number(codes), align: 'right' },
  { title: 'TITLE', text: ({ title }) => title, least: LEAST, spare: 1 },
  { title: 'MATCHES', text: ({ hosts, services }) => [...hosts, ...services].join(' '), least: LEAST },
]
