import { report } from './guard.ts'

/** What is not sent by then never is: nobody waits longer for a process to end. */
const LONGEST_MS = 3000

/** Lets an SDK send what it still has, without changing how the process ends. */
export function stopAtExit(stop: () => Promise<void>): void {
  let stopped: Promise<void> | undefined
  const stopOnce = (): Promise<void> => {
    const longest = new Promise<void>((resolve) => setTimeout(resolve, LONGEST_MS).unref())
    stopped ??= Promise.race([stop().catch(report), longest])
    return stopped
  }
  process.once('beforeExit', stopOnce)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, async () => {
      // Where the application listens too, it says when the process ends.
      const isOurs = process.listenerCount(signal) === 0
      await stopOnce()
      if (isOurs) process.kill(process.pid, signal)
    })
  }
}
