import type { Command } from 'commander'
import type { LookupAnswer } from '../../api/lookup-answer.ts'
import { type Ask, type AskingFlags, asking, refusal, withAsking } from '../answers/asking.ts'
import { complain, GOOD, print, printJson, WRONG_USE } from '../run.ts'
import { paint } from '../text/terminal.ts'
import { lookupText } from './lookup-text.ts'

/** `telltale lookup REQUEST_ID…`: the support answer. */
export const addLookup = (program: Command): Command =>
  withAsking(program.command('lookup'))
    .description('everything about one request: what it means, whether to retry, what to tell')
    .argument('<request-id...>', 'request ids; a trace id or a call id does too')
    .addHelpText(
      'after',
      `
Examples:
  $ telltale lookup req_8f3a
  $ telltale lookup req_8f3a 0af7651916cd43dd8448eb211c80319c --json
  $ telltale lookup -- -an-id-that-begins-with-a-dash`,
    )
    .action(async (ids: string[], { json, ...flags }: AskingFlags) => {
      process.exitCode = await lookupOf(ids.map(idOf), json, flags)
    })

/** As people paste it: with spaces around it, or the whole header. */
const idOf = (pasted: string): string => pasted.trim().replace(/^x-request-id:\s*/i, '')

async function lookupOf(ids: string[], json: true | undefined, flags: AskingFlags): Promise<number> {
  if (ids.includes('')) {
    complain('an id is empty; give a request id, a trace id or a call id.')
    return WRONG_USE
  }
  return asking(flags, (ask) => lookup(ask, ids, json))
}

/** One id is answered with an object, several with a list of what was found; any that was not is a failure. */
async function lookup(ask: Ask, ids: string[], json?: true): Promise<number> {
  const found: LookupAnswer[] = []
  let outcome = GOOD
  for (const id of new Set(ids)) {
    const answer = await ask<LookupAnswer>(`/api/v1/requests/${encodeURIComponent(id)}`)
    if (answer.status !== 'answered') {
      outcome = Math.max(outcome, refusal(answer))
      // The next question would fail in the same way.
      if (answer.status !== 'refused') break
      continue
    }
    if (!json) print(`${found.length > 0 ? RULE() : ''}${lookupText(answer.data)}`)
    found.push(answer.data)
  }
  if (json && ids.length > 1) printJson(found)
  else if (json && found.length > 0) printJson(found[0])
  return outcome
}

const RULE = () => `\n${paint('dim', '─'.repeat(40))}\n\n`
