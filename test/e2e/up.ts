import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { CLI } from '../command-line.ts'

export interface Up {
  url: string
  otlpUrl: string
  process: ChildProcess
  /** What it had to say on stderr so far. */
  said(): string
  /** Asks it to stop and waits; the exit code. */
  stop(): Promise<number | null>
}

/** The real process, ready, on ports of its own. Rejects with what it said when it ends before it is ready. */
export async function startUp(
  data: string,
  {
    flags = [],
    node = [],
    env = {},
    role = 'up',
  }: { flags?: string[]; node?: string[]; env?: NodeJS.ProcessEnv; role?: string } = {},
): Promise<Up> {
  const ports = ['--port', '0', ...(role === 'up' || role === 'intake' ? ['--otlp-port', '0'] : [])]
  const child = spawn(process.execPath, [...node, CLI, role, '--data', data, ...ports, '--json', ...flags], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '16', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  // Not `exit`: what it said last may come after that.
  const exited = once(child, 'close').then(([code]) => code as number | null)
  const line = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([text]) => String(text)),
    exited.then(() => null),
  ])
  if (line === null) throw new Error(`${role} ended before it was ready:\n${said}`)
  const { url, otlpUrl } = JSON.parse(line) as { url: string; otlpUrl: string }
  return {
    url,
    otlpUrl,
    process: child,
    said: () => said,
    stop: () => {
      child.kill('SIGTERM')
      return exited
    },
  }
}

/** Asks until the answer is as wanted; then the answer. */
export async function eventually<T>(
  ask: () => Promise<T | undefined>,
  what: string,
  deadlineMs = 15_000,
): Promise<T> {
  const deadline = performance.now() + deadlineMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > deadline) throw new Error(`${what}: not within ${deadlineMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
