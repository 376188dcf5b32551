import { resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import type { Command } from 'commander'
import { destination } from 'pino'
import type { Config } from '../config.ts'
import { VERSION } from '../contract/version.ts'
import { catalogsText } from './catalogs-text.ts'
import { createLog } from './log.ts'
import { complain, FAILED, GOOD, loadFor, print, problemsOf, withConfiguration } from './run.ts'
import { startProblem } from './start-problem.ts'

interface Flags {
  data?: string
  config?: string
  host?: string
  insecure?: true
  port?: string
  otlpPort?: string
  catalogs?: string[]
  logLevel?: string
  self?: true
  json?: true
}

/** `telltale up`: everything in this one process, until a signal ends it. */
export const addUp = (program: Command): Command =>
  withConfiguration(program.command('up'))
    .description('run everything in one process on the embedded store')
    .option('--host <address>', 'address to listen on (127.0.0.1)')
    .option('--insecure', 'serve other machines also without any token')
    .option('--port <port>', 'for the page and the API (8080; 0 takes any free one)')
    .option('--otlp-port <port>', 'for spans, OTLP over HTTP (4318; 0 takes any free one)')
    .option('--catalogs <directory>', 'of catalogs of yours; can be given several times', directories)
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent (info)')
    .option('--self', 'send spans of its own API to itself, to look up its own failures')
    .option('--json', 'print the addresses as one line of JSON when ready')
    .addHelpText(
      'after',
      '\nExamples:\n  $ telltale up\n  $ telltale up --data /var/lib/telltale --port 8080 --catalogs ./catalogs',
    )
    .action(async (flags: Flags) => {
      process.exitCode = await up(flags)
    })

async function up({ json, ...flags }: Flags): Promise<number> {
  const loaded = loadFor(flags)
  const wrong = problemsOf(loaded, flags)
  if (wrong !== null) return wrong
  const { config } = loaded

  const running = await start(config)
  if (running === null) return FAILED

  const ended = signalled()
  const { api, otlp } = running.urls
  const { catalogs } = running.catalogs
  complain(catalogsText(running.catalogs, config.catalogs))
  if (json) {
    const data = resolve(config.data)
    print(
      JSON.stringify({
        url: api,
        otlpUrl: otlp,
        data,
        version: VERSION,
        pid: process.pid,
        catalogs: catalogs.length,
      }),
    )
  } else {
    print(`Telltale is ready at ${api}, takes spans at ${otlp}`)
  }

  await ended
  await running.stop()
  // The engine's threads would keep the process for a while yet.
  process.exit(GOOD)
}

/** `:` between several, as in the environment. */
const directories = (given: string, before: string[] = []) => [...before, ...given.split(':').filter(Boolean)]

async function start(config: Config) {
  // Request bodies arrive in short-lived memory outside the heap. A young generation that stays small is collected
  // often, and that memory with it; else it piles up until the whole heap is marked, several times a second.
  setFlagsFromString('--semi-space-growth-factor=1')
  const log = createLog(config, destination({ dest: 2, sync: true }))
  try {
    // Here, not above: it loads the engine, which no other command needs in order to print its help.
    const main = await import('../main.ts')
    return await main.start(config, { log })
  } catch (error) {
    complain(startProblem(error, config))
    return null
  }
}

/** Resolves at the first signal. At the second somebody will not wait; what is acknowledged is durable anyway. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals) => {
      resolve()
      complain(`${signal}: finishing what has been taken in; once more ends it at once.`)
      // process.exit would wait for the engine's running queries.
      for (const one of SIGNALS)
        process.removeAllListeners(one).on(one, () => process.kill(process.pid, 'SIGKILL'))
    }
    for (const signal of SIGNALS) process.on(signal, onSignal)
  })
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const
