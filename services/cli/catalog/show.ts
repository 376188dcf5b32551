import type { Command } from 'commander'
import type { WholeCatalog } from '../../api/catalog-answers.ts'
import { type Ask, type AskingFlags, asking, refusal, withAsking } from '../answers/asking.ts'
import { GOOD, print, printJson } from '../run.ts'
import { indented, labelled } from '../text/labelled.ts'
import { type Column, table } from '../text/table.ts'
import { paint, plain, tableColumns } from '../text/terminal.ts'

/** `telltale catalog show PROVIDER`: every code of one API. */
export const addCatalogShow = (catalog: Command): Command =>
  withAsking(catalog.command('show'))
    .description('one catalog: every code, what it means and whether to retry')
    .argument('<provider>', 'whose; `telltale catalog list` names them')
    .addHelpText('after', '\nExample:\n  $ telltale catalog show session-api')
    .action(async (provider: string, flags: AskingFlags) => {
      process.exitCode = await asking(flags, (ask) => show(ask, provider, flags.json), 'catalogs')
    })

async function show(ask: Ask, provider: string, json?: true): Promise<number> {
  const answer = await ask<WholeCatalog>(`/api/v1/catalogs/${encodeURIComponent(provider)}`)
  if (answer.status !== 'answered') return refusal(answer)
  if (json) printJson(answer.data)
  else print(showText(answer.data))
  return GOOD
}

function showText(whole: WholeCatalog): string {
  const { provider, docs, match, statuses, codes } = whole
  const [title = '', ...rows] = table(COLUMNS, codes, tableColumns())
  return [
    `${paint('bold', plain(whole.title))} · ${provider} · ${codes.length} codes`,
    '',
    ...labelled('docs', docs),
    ...labelled('matches', [...match.hosts, ...match.services].join(' ')),
    ...labelled(
      'default',
      Object.entries(statuses)
        .map(([status, { retry }]) => `${status} ${retry}`)
        .join(', '),
    ),
    '',
    title,
    ...rows.flatMap((row, index) => [row, ...indented('  ', 2, wordsOf(whole.codes[index]!))]),
  ].join('\n')
}

type Code = WholeCatalog['codes'][number]

const LEAST_CODE = 19
const COLUMNS: Column<Code>[] = [
  { title: 'CODE', text: ({ code }) => code, least: LEAST_CODE, style: () => 'bold' },
  { title: 'HTTP', text: ({ http }) => http.join(' ') || '–' },
  {
    title: 'RETRY',
    text: ({ retry }) => retry,
    style: ({ retry }) => (retry === 'never' ? 'red' : retry === 'unknown' ? 'yellow' : undefined),
  },
  { title: 'CLASS', text: ({ class: errorClass }) => errorClass, spare: 1 },
]

/** Another follows. */
const sentence = (words: string): string => (/[\p{L}\p{N}]$/u.test(words) ? `${words}.` : words)

const wordsOf = ({ meaning, action, deprecated }: Code): string =>
  plain(
    [
      deprecated &&
        `Deprecated from ${deprecated.on}${deprecated.instead ? `, use ${deprecated.instead}` : ''}.`,
      meaning.includes(action) ? meaning : sentence(meaning),
      meaning.includes(action) ? '' : action,
    ]
      .filter(Boolean)
      .join(' '),
  )
