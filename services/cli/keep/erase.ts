import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import type { Erased } from '../../store/upkeep/erase.ts'
import { type Ask, type AskingFlags, asking, refusal, withAsking } from '../answers/asking.ts'
import { complain, FAILED, GOOD, print, printJson, WRONG_USE } from '../run.ts'
import { counted } from '../text/numbers.ts'
import { plain } from '../text/terminal.ts'

interface Flags extends AskingFlags {
  consumer?: string
  requestId?: string
  yes?: true
}

/** `telltale erase`: every row of somebody, for good. */
export const addErase = (program: Command): Command =>
  withAsking(program.command('erase'))
    .description('erase every row of a consumer or a request id; counts stay')
    .option('--consumer <name>', 'rows that were reported with this consumer')
    .option('--request-id <id>', 'rows that carry this request id')
    .option('--yes', 'do not ask whether it is meant')
    .addHelpText(
      'after',
      '\nCovers all that was reported before. Backups keep what they hold.\n\nExample:\n  $ telltale erase --consumer acct_42',
    )
    .action(async ({ consumer, requestId, yes, json, ...flags }: Flags) => {
      process.exitCode = await erase({ consumer, request_id: requestId }, yes, json, flags)
    })

async function erase(
  what: { consumer?: string; request_id?: string },
  yes: true | undefined,
  json: true | undefined,
  flags: AskingFlags,
): Promise<number> {
  const { consumer, request_id } = what
  if ((consumer === undefined) === (request_id === undefined)) {
    complain('say what to erase, with either --consumer or --request-id.')
    return WRONG_USE
  }
  const named = consumer === undefined ? `request id ${request_id}` : `consumer ${consumer}`
  if (!yes && !process.stdin.isTTY) {
    complain('this cannot be undone and there is nobody to ask; add --yes if it is meant.')
    return WRONG_USE
  }
  if (!yes && !(await isMeant(`Erase every row of ${plain(named)} for good?`))) {
    complain('nothing was erased.')
    return FAILED
  }
  return asking(flags, (ask) => send(ask, what, named, json))
}

async function isMeant(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`${question} [y/N] `)
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}

async function send(ask: Ask, what: object, named: string, json?: true): Promise<number> {
  const answer = await ask<Erased>('/api/v1/erasures', what)
  if (answer.status !== 'answered') return refusal(answer)
  const { id, rows } = answer.data
  if (json) printJson(answer.data)
  else if (rows.errors + rows.attempts + rows.quota_samples === 0)
    print(`Nothing was stored under ${plain(named)}; check it. Recorded as ${id}.`)
  else
    print(
      `Erased of ${plain(named)}: ${counted(rows.errors, 'error')}, ${counted(rows.attempts, 'attempt')}, ${counted(rows.quota_samples, 'quota sample')}. Recorded as ${id}.`,
    )
  return GOOD
}
