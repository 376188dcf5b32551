import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

// The side of the demo's processes: each is told what to do by the one that started it, and does not outlive it.

/** From a child. */
export type Report =
  | { ready: Record<string, number> }
  | { progress: number; requests: number }
  /** Goes on when it hears { go: true }. */
  | { reached: string }
  | { done: true; requests: number }

export const report = (what: Report): void => void process.send?.(what)

/** Calls `stop` once, when it is time; then the process ends. */
export function untilTold(stop: () => Promise<void>): void {
  let stopping = false
  const end = async () => {
    if (stopping) return
    stopping = true
    await stop().catch(() => {})
    process.exit(0)
  }
  // A terminal's Ctrl-C goes to every process; that it is time is said by the one that started them.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
  process.on('SIGTERM', end)
  process.on('disconnect', end)
  process.on('message', (message) => message === 'stop' && end())
  // Gone before this one was ready to notice.
  if (!process.connected) void end()
}

/** Longer than any client keeps a connection, so that none is closed just when it is used again. */
const KEEP_ALIVE_MS = 70_000

/** Its port; 0 takes any free one. */
export async function listen(server: Server, port = 0): Promise<number> {
  server.keepAliveTimeout = KEEP_ALIVE_MS
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  return (server.address() as AddressInfo).port
}
