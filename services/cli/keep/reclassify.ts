import type { Command } from 'commander'
import type { Reclassified } from '../../store/upkeep/reclassify.ts'
import { type Ask, type AskingFlags, asking, refusal, withAsking } from '../answers/asking.ts'
import { complain, FAILED, GOOD, print, printJson } from '../run.ts'
import { number } from '../text/numbers.ts'
import { plain } from '../text/terminal.ts'

interface Flags extends AskingFlags {
  provider: string
  from: string
}

/** `telltale reclassify`: today's catalog for rows that are stored already. */
export const addReclassify = (program: Command): Command =>
  withAsking(program.command('reclassify'))
    .description('give stored rows and counts the verdict of the catalog as it is now')
    .requiredOption('--provider <name>', 'of this API')
    .requiredOption('--from <time>', 'from this time on: -24h, -7d or RFC 3339')
    .addHelpText(
      'after',
      '\nDays whose rows are gone keep what was counted then.\n\nExample:\n  $ telltale reclassify --provider session-api --from -7d',
    )
    .action(async ({ provider, from, json, ...flags }: Flags) => {
      process.exitCode = await asking(flags, (ask) => send(ask, { provider, from }, json))
    })

async function send(ask: Ask, what: { provider: string; from: string }, json?: true): Promise<number> {
  const answer = await ask<Reclassified>('/api/v1/reclassifications', what)
  if (answer.status !== 'answered') return refusal(answer)
  const { rows, days, left, from } = answer.data
  if (json) printJson(answer.data)
  else if (days.length === 0 && left.length === 0)
    print(`Nothing to change of ${plain(what.provider)} since ${from}.`)
  else
    print(`${number(rows)} rows of ${plain(what.provider)} in ${days.length} days have another verdict now.`)
  if (left.length > 0)
    complain(`left as they were, for their counts are not those of their rows: ${left.join(', ')}`)
  return left.length > 0 ? FAILED : GOOD
}
