import { stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { codeOf, JournalProblem } from './problem.ts'

/**
 * Makes this process the only one to use a journal, until it calls what it gets or dies in any way: opening a journal
 * cuts its tail, which must never happen to one that is being written. Node has no file locks; a name in Linux's
 * abstract socket namespace goes away with its owner. Elsewhere, and between containers, the lock of the embedded
 * engine on the data directory has to do.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  if (process.platform !== 'linux') return async () => {}
  const { dev, ino } = await stat(directory)
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        codeOf(error) === 'EADDRINUSE'
          ? new JournalProblem(
              'in_use',
              `Another process is using ${directory}: telltale runs already, perhaps. Stop it first, or give this one a --data, --port and --otlp-port of its own.`,
            )
          : error,
      ),
    )
    server.listen({ path: `\0telltale-journal-${dev}-${ino}` }, resolve)
  })
  server.unref()
  return () => new Promise((resolve) => server.close(() => resolve()))
}
