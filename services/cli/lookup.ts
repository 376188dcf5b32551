import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { LookupAnswer } from '../api/lookup-answer.ts'
import type { Config, LoadedConfig } from '../config.ts'
import { type Answer, ask } from './ask.ts'
import { lookupText } from './lookup-text.ts'
import { complain, FAILED, GOOD, loadFor, print, problemsOf, withConfiguration } from './run.ts'
import { plain } from './terminal.ts'

interface Flags {
  data?: string
  config?: string
  url?: string
  json?: true
}

/** `telltale lookup REQUEST_ID`: the support answer. */
export const addLookup = (program: Command): Command =>
  withConfiguration(program.command('lookup'))
    .description('everything about one request: what it means, whether to retry, what to tell')
    .argument('<request-id>', 'a request id; a trace id or a call id does too')
    .option('--url <url>', 'a running telltale (http://127.0.0.1:8080)')
    .option('--json', 'print the answer as JSON')
    .addHelpText('after', '\nExample:\n  $ telltale lookup req_8f3a')
    .action(async (id: string, flags: Flags) => {
      process.exitCode = await lookup(id, flags)
    })

async function lookup(id: string, { json, ...flags }: Flags): Promise<number> {
  const loaded = loadFor(flags)
  const wrong = problemsOf(loaded, flags)
  if (wrong !== null) return wrong

  const answer = await answerTo(id, loaded)
  if (answer.status === 'answered') {
    print(json ? JSON.stringify(answer.data, null, 2) : lookupText(answer.data))
    return GOOD
  }
  complain(answer.status === 'absent' ? nothingRuns(loaded) : plain(answer.message))
  return FAILED
}

/** Of a running instance; of the data directory, if none runs where one would by default. */
async function answerTo(id: string, loaded: LoadedConfig): Promise<Answer<LookupAnswer>> {
  const { config, sources } = loaded
  const answer = await ask<LookupAnswer>(
    config.url,
    `/api/v1/requests/${encodeURIComponent(id)}`,
    config.token,
  )
  if (answer.status !== 'absent' || sources.url !== 'default' || !hasStore(config)) return answer

  complain(`nothing runs at ${config.url}; reading ${config.clickhouse.url ?? config.data} itself.`)
  // Here, not above: it loads the engine.
  const { lookupInStore } = await import('./lookup-in-store.ts')
  return lookupInStore(config, id)
}

const hasStore = ({ data, clickhouse }: Config) =>
  clickhouse.url !== undefined || existsSync(join(data, 'store'))

const nothingRuns = ({ config, sources }: LoadedConfig) =>
  sources.url === 'default'
    ? `nothing runs at ${config.url}, and ${config.data} holds no store. Start one with \`telltale up\`, or say where it is with --url or --data.`
    : `nothing runs at ${config.url}. Start it with \`telltale up\`, or say where it is with --url or TELLTALE_URL.`
