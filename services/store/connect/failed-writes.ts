import type { Query } from '../queries/query.ts'

// The engine in this process goes on as if nothing were wrong when a file cannot be written (seen with 26.7: a disk that
// gets full between its look for room and the write, or has faults): it says that all is well, and puts a part in place
// that is cut short or empty. It counts such writes, though.

/** How many there were since the engine was opened. */
export async function failedWrites(query: Query): Promise<number> {
  const [found] = await query(
    "SELECT value FROM system.events WHERE event = 'WriteBufferFromFileDescriptorWriteFailed'",
  )
  return Number(found?.value ?? 0)
}

/** After each statement: fails when the engine could not write since the last one. */
export async function writesWatched(query: Query): Promise<() => Promise<void>> {
  let known = await failedWrites(query)
  return async () => {
    const now = await failedWrites(query)
    const failed = now - known
    known = now
    if (failed > 0)
      throw new Error(
        `the engine could not write to the disk (${failed} times); is it full, or has it faults?`,
      )
  }
}
