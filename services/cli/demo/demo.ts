import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { beginningOf, type Timeline } from '../../demo/timeline.ts'
import { complain, FAILED, GOOD, loadFor, print, printJson, problemsOf, withConfiguration } from '../run.ts'
import { historyProgress } from './history-progress.ts'
import { findLooks } from './looks.ts'
import { looksText } from './looks-text.ts'
import { noteMissingCatalog, refusalOf, type Target, targetFor } from './target.ts'

interface Flags {
  data?: string
  config?: string
  url?: string
  port?: string
  otlpPort?: string
  minutes: number
  seed: number
  once?: true
  json?: true
}

const DAY_MINUTES = 24 * 60

/** `telltale demo`: a shop with everything in it that Telltale is for. */
export const addDemo = (program: Command): Command =>
  withConfiguration(program.command('demo'))
    .description('see it with data: a shop of several services that calls three vendors’ APIs')
    .option('--minutes <n>', 'of history before it is live', wholeNumber(2, DAY_MINUTES), 60)
    .option('--seed <n>', 'the same number, the same story', wholeNumber(0, 2 ** 31), 1)
    .option('--once', 'exit after the history')
    .option('--url <url>', 'a running telltale to send to (http://127.0.0.1:8080, if one runs there)')
    .option('--port <port>', 'starts a telltale on this port, for the page and the API')
    .option('--otlp-port <port>', 'and on this one for spans')
    .option('--json', 'print what there is to look at as one object of JSON')
    .addHelpText(
      'after',
      `
Starts a telltale where none answers, sends the history in half a minute, then
goes on live until Ctrl-C.

Examples:
  $ telltale demo
  $ telltale demo --minutes 10 --once --data ./demo-data`,
    )
    .action(async (flags: Flags) => {
      process.exitCode = await demo(flags)
    })

function wholeNumber(least: number, most: number): (given: string) => number {
  return (given) => {
    const number = /^\d{1,10}$/.test(given) ? Number(given) : Number.NaN
    if (!(number >= least && number <= most))
      throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`)
    return number
  }
}

async function demo({ minutes, seed, once = undefined, json, ...flags }: Flags): Promise<number> {
  const loaded = loadFor(flags)
  const wrong = problemsOf(loaded, flags)
  if (wrong !== null) return wrong
  const interrupted = interruption()
  const target = await targetFor(loaded)
  if (target === null) return FAILED
  const code = await run(target, { seed, historyMinutes: minutes, now: Date.now() }, interrupted, {
    once: once === true,
    json: json === true,
    catalogs: loaded.config.catalogs,
    data: target.isOwn ? resolve(loaded.config.data) : null,
  }).catch((error: Error) => {
    complain(error.message)
    return FAILED
  })
  await target.stop()
  // The engine's threads would keep the process for a while yet.
  if (target.isOwn) process.exit(code)
  return code
}

interface Wishes {
  once: boolean
  json: boolean
  catalogs: string[]
  /** Where this process keeps what is stored; null: another one does. */
  data: string | null
}

async function run(
  target: Target,
  timeline: Timeline,
  interrupted: Promise<'interrupted'>,
  { once, json, catalogs, data }: Wishes,
): Promise<number> {
  const refusal = await refusalOf(target)
  if (refusal !== null) {
    complain(refusal)
    return FAILED
  }
  await noteMissingCatalog(target)
  const progress = historyProgress(timeline.historyMinutes)
  // Here, not above: nothing else needs it in order to print its help.
  const { openShop } = await import('../../demo/shop.ts')
  const shop = await openShop({
    timeline,
    otlpUrl: target.otlpUrl,
    token: target.token,
    catalogs,
    once,
    progress: progress.show,
  })
  try {
    const requests = await Promise.race([shop.history, shop.failed, interrupted])
    progress.end()
    if (requests === 'interrupted') return INTERRUPTED
    // What is left in the services' SDKs is sent as they stop.
    if (once) await shop.stop()
    const looks = await findLooks(target, timeline)
    const told = {
      url: target.url,
      otlp_url: target.otlpUrl,
      data,
      seed: timeline.seed,
      from: new Date(beginningOf(timeline)).toISOString(),
      to: new Date(timeline.now).toISOString(),
      requests,
      looks,
    }
    if (json) printJson(told, 0)
    else print(looksText(told, once))
    if (once) return GOOD
    await Promise.race([shop.failed, interrupted])
    return GOOD
  } finally {
    progress.end()
    await shop.stop()
  }
}

/** As a shell has it for SIGINT: the history was not told to its end. */
const INTERRUPTED = 130

/** At the second signal somebody will not wait; the demo's processes end with this one. */
const interruption = (): Promise<'interrupted'> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        complain(`${signal}: closing the shop; once more ends it at once.`)
        process.once(signal, () => process.kill(process.pid, 'SIGKILL'))
        resolve('interrupted')
      })
  })
