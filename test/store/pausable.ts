import type { Client } from '../../services/store/client.ts'
import type { SharedClient } from '../../services/store/turns/shared-writers.ts'

/**
 * A process that stands still at a certain statement (stopped, swapped out, its request stuck on the way), and from
 * then on says nothing to the server, until it goes on as if nothing had been.
 */
export function pausable(client: SharedClient) {
  let at: RegExp | null = null
  let stopped: Promise<void> | null = null
  let goOn = () => {}
  let reached = Promise.withResolvers<void>()
  let awaited: { statement: RegExp; said: () => void } | null = null

  async function meet(sql: string): Promise<void> {
    if (awaited?.statement.test(sql)) awaited.said()
    if (at?.test(sql)) {
      at = null
      stopped = new Promise((resolve) => {
        goOn = resolve
      })
      reached.resolve()
    }
    await stopped
  }
  const wrapped = (inner: Client): Client => ({
    query: async (sql, params) => meet(sql).then(() => inner.query(sql, params)),
    command: async (sql, params) => meet(sql).then(() => inner.command(sql, params)),
    insert: async (into, ...rest) => meet(into).then(() => inner.insert(into, ...rest)),
    close: () => inner.close(),
  })
  return {
    client: { ...wrapped(client), commented: (comment: string) => wrapped(client.commented(comment)) },
    /** Resolves when it stands still, before a statement like that. */
    pauseAt(statement: RegExp): Promise<void> {
      at = statement
      reached = Promise.withResolvers()
      return reached.promise
    },
    /** Resolves when it is about to say something like that. */
    says: (statement: RegExp): Promise<void> =>
      new Promise((said) => {
        awaited = { statement, said }
      }),
    goOn() {
      stopped = null
      goOn()
    },
  }
}
