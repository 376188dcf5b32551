import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { getCompileCacheDir } from 'node:module'
import type { Report } from './child.ts'

/** One of the demo's processes, from the side of the one that started it. */
export interface Process {
  tell(message: unknown): void
  /** Lets it send what it has, and waits for its end. */
  stop(): Promise<void>
}

export interface Started {
  /** Of the demo's room, without extension. */
  module: string
  /** Modules that are loaded before it. */
  imports?: string[]
  /** All of it: nothing of the environment of whoever runs the demo, whose proxies and SDK settings are not for it. */
  env?: Record<string, string>
  argument: unknown
  hear: (report: Report) => void
  /** It ended, and was not asked to. */
  failed: (error: Error) => void
}

/** Sources from a checkout, compiled in the package. */
const EXTENSION = import.meta.url.slice(import.meta.url.lastIndexOf('.'))
const moduleUrl = (name: string) => new URL(`${name}${EXTENSION}`, import.meta.url)

const STOP_MS = 8_000
/** A few hundred calls a second need no more. */
const MEMORY = ['--max-old-space-size=128', '--max-semi-space-size=4']

/** Resolves once it says that it is ready, with its ports. */
export async function start({
  module,
  imports = [],
  env = {},
  argument,
  hear,
  failed,
}: Started): Promise<Process & { ports: Record<string, number> }> {
  const cache = getCompileCacheDir()
  const child = fork(moduleUrl(module), [JSON.stringify(argument)], {
    env: { ...env, ...(cache !== undefined && { NODE_COMPILE_CACHE: cache }) },
    execArgv: [...MEMORY, ...imports.flatMap((one) => ['--import', moduleUrl(one).href])],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  let isStopping = false
  const exited = once(child, 'exit').then(([code, signal]) => {
    if (isStopping) return
    throw new Error(`the demo's ${module} ended by itself (${signal ?? `exit ${code}`})`)
  })
  const ports = await Promise.race([
    new Promise<Record<string, number>>((resolve) => {
      child.on('message', (report: Report) => ('ready' in report ? resolve(report.ready) : hear(report)))
    }),
    exited.then(() => ({})),
  ])
  exited.catch(failed)
  return {
    ports,
    tell: (message) => void (child.connected && child.send(message as object)),
    stop: async () => {
      isStopping = true
      await ended(child)
    },
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  if (child.connected) child.send('stop')
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await exit
  clearTimeout(late)
}
