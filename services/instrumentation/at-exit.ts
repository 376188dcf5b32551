import { report } from './guard.ts'

/** What is not sent by then never is: nobody who was sent a signal waits longer for its process to end. */
const LONGEST_MS = 3000
/** An application may end by process.exit any time after a signal, and then nothing can be sent any more. */
const DRAINING_MS = 500

export interface Sending {
  /** Sends what is there. */
  flush(): Promise<void>
  /** The same, and nothing after that. */
  stop(): Promise<void>
}

/** Lets an SDK send what it still has, without changing how the process ends. */
export function stopAtExit({ flush, stop }: Sending): void {
  let stopped: Promise<void> | undefined
  const stopOnce = (): Promise<void> => {
    const longest = new Promise<void>((resolve) => setTimeout(resolve, LONGEST_MS).unref())
    stopped ??= Promise.race([stop().catch(report), longest])
    return stopped
  }
  process.once('beforeExit', stopOnce)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, async () => {
      // Where the application listens too, it says when the process ends, and answers or calls on until then.
      if (process.listenerCount(signal) > 0) {
        const flushing = () => void flush().catch(report)
        flushing()
        setInterval(flushing, DRAINING_MS).unref()
        return
      }
      await stopOnce()
      process.kill(process.pid, signal)
    })
  }
}
