import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Gaps } from '../../api/gaps.ts'
import { type Ask, type AskingFlags, asking, queryOf, refusal, withAsking } from '../answers/asking.ts'
import { complain, FAILED, GOOD, print, printJson } from '../run.ts'
import { gapsMarkdown } from './gaps-markdown.ts'
import { gapsYaml } from './gaps-yaml.ts'

const FORMATS = ['md', 'json', 'yaml'] as const
const KINDS = ['unknown', 'mismatched', 'never_seen'] as const
type Kind = (typeof KINDS)[number]
const FROM = '-7d'

interface Flags extends AskingFlags {
  format: (typeof FORMATS)[number]
  failOn?: Kind[]
  from?: string
  to?: string
  provider?: string
  service?: string
  environment?: string
}

/** `telltale catalog gaps`: what was seen and is not documented, and the other way round. */
export const addCatalogGaps = (catalog: Command): Command =>
  withAsking(catalog.command('gaps'))
    .description('codes that are seen and not documented, come with another status, or never come')
    .option('--from <time>', `from this time on: -24h, -30d or RFC 3339 (${FROM})`, FROM)
    .option('--to <time>', 'until this time (now)')
    .option('--provider <name>', 'of this API')
    .option('--service <name>', 'seen by this service')
    .option('--environment <name>', 'in this deployment environment')
    .addOption(
      new Option('--format <format>', 'how to print it (md), yaml is a patch')
        .choices(FORMATS)
        .default('md', 'md'),
    )
    .option('--fail-on <kinds>', `exit 1 if there is any: ${KINDS.join(',')}`, kinds)
    .addHelpText(
      'after',
      `
Examples:
  $ telltale catalog gaps --from -30d
  $ telltale catalog gaps --provider shop-api --format yaml
  $ telltale catalog gaps --fail-on unknown,mismatched`,
    )
    .action(async ({ data, config, url, json, format, failOn, ...filters }: Flags) => {
      process.exitCode = await asking({ data, config, url }, (ask) =>
        showGaps(ask, queryOf(filters), json ? 'json' : format, failOn ?? []),
      )
    })

async function showGaps(ask: Ask, query: string, format: Flags['format'], failOn: Kind[]): Promise<number> {
  const answer = await ask<Gaps>(`/api/v1/catalogs/gaps${query}`)
  if (answer.status !== 'answered') return refusal(answer)
  const gaps = answer.data
  if (format === 'json') printJson(gaps)
  else if (format === 'md') print(gapsMarkdown(gaps))
  else print(gapsYaml(gaps).trimEnd() || '# nothing to add')
  const found = failOn.filter((kind) => gaps.totals[kind] > 0)
  for (const kind of found) complain(`${kind}: ${gaps.totals[kind]}`)
  return found.length > 0 ? FAILED : GOOD
}

function kinds(text: string): Kind[] {
  const words = text.split(',').map((word) => word.trim())
  const wrong = words.find((word) => !KINDS.some((kind) => kind === word))
  if (wrong !== undefined) throw new InvalidArgumentError(`Give one or several of ${KINDS.join(',')}.`)
  return words as Kind[]
}
