import type { Command } from 'commander'
import type { LoadedConfig } from '../../config.ts'
import { complain, FAILED, loadFor, problemsOf, WRONG_USE, withConfiguration } from '../run.ts'
import { withProgress } from '../text/progress.ts'
import { plain } from '../text/terminal.ts'
import type { Ask, NoAnswer } from './answer.ts'
import { type Answers, answersFor, type Needs } from './answers.ts'

// What the commands that only ask have in common.

export type { Ask }

export interface AskingFlags {
  data?: string
  config?: string
  url?: string
  json?: true
}

export const withAsking = (command: Command): Command =>
  withConfiguration(command)
    .option('--url <url>', 'a running telltale (http://127.0.0.1:8080)')
    .option('--json', 'print the answer as JSON')

/** Runs a command that asks, with where its answers come from opened before and closed after it. */
export async function asking(
  { data, config, url }: AskingFlags,
  command: (ask: Ask, loaded: LoadedConfig, file: Answers['file']) => Promise<number>,
  needs?: Needs,
): Promise<number> {
  const flags = { data, config, url }
  const loaded = loadFor(flags)
  const wrong = problemsOf(loaded, flags)
  if (wrong !== null) return wrong
  const answers = answersFor(loaded, needs)
  try {
    return await command(
      (path, body, method) => withProgress(() => `asking ${answers.from()}`, answers.ask(path, body, method)),
      loaded,
      (path) => withProgress(() => `asking ${answers.from()}`, answers.file(path)),
    )
  } finally {
    await answers.close()
  }
}

/** Says why there is no answer and what to do, and how to exit: parameters are made of flags. */
export function refusal(answer: NoAnswer): number {
  complain(`${plain(answer.message)}${answer.status === 'refused' ? (NEXT[answer.code] ?? '') : ''}`)
  return answer.status === 'refused' && answer.code === 'invalid_parameter' ? WRONG_USE : FAILED
}

/** What the API cannot know of the command line. */
const NEXT: Record<string, string> = {
  token_missing: ' Commands send the one in TELLTALE_TOKEN.',
  not_found:
    ' Perhaps that telltale is older than this command: compare `telltale --version` with its /healthz.',
}

/** The flags that were given as a query string: a parameter's name is its flag's. */
export const queryOf = (flags: Record<string, string | undefined>): string => {
  const given = Object.entries(flags).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}
