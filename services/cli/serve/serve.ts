import { resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import type { Role } from '../../composition/role.ts'
import type { Config } from '../../config.ts'
import { VERSION } from '../../contract/version.ts'
import { type CommonFlags, complain, FAILED, GOOD, loadFor, print, problemsOf } from '../run.ts'
import { startProblem } from '../start-problem.ts'
import { catalogsText } from './catalogs-text.ts'

const READY: Record<Role, string> = {
  up: 'Telltale is ready',
  api: 'The API is ready',
  intake: 'Intake is ready',
  consume: 'The consumer is ready',
}

/** Runs Telltale, or one role of it, until a signal ends it, or it must not go on. */
export async function serve(role: Role, { json, ...flags }: CommonFlags & { json?: true }): Promise<number> {
  const loaded = loadFor(flags)
  const wrong = problemsOf(loaded, flags)
  if (wrong !== null) return wrong
  const { config } = loaded

  const running = await start(role, config)
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
    print(`${READY[role]} at ${api}${otlp === null ? '' : `, takes spans at ${otlp}`}`)
  }

  const broken = await Promise.race([ended, running.broken])
  if (broken !== undefined) {
    complain(broken)
    process.exit(FAILED)
  }
  await running.stop()
  // The engine's threads would keep the process for a while yet.
  process.exit(GOOD)
}

/** Null where it cannot; what is wrong has then been said. */
export async function start(role: Role, config: Config) {
  // Request bodies arrive in short-lived memory outside the heap. A young generation that stays small is collected
  // often, and that memory with it; else it piles up until the whole heap is marked, several times a second.
  setFlagsFromString('--semi-space-growth-factor=1')
  // The heap itself is small, some 40 MB, and would be marked whole for every 16 MB that come and go outside it.
  setFlagsFromString('--heap-growing-percent=200')
  // Here, not above: no other command needs the log, or the engine, in order to print its help.
  const { createLog, toStderr } = await import('./log.ts')
  const log = createLog(config, toStderr())
  try {
    const main = await import('../../main.ts')
    return await main.start(config, { log, role })
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
