import type { ClickHouseClient } from '@clickhouse/client'
import { errorCodeOf, StoreProblem } from '../problem.ts'

// Several addresses of one ClickHouse server. One of them is used until it fails, then the next.

/** How long an address that failed is asked only if no other one answers. */
const AVOID_MS = 10_000

export interface Hosts {
  /** Looks at every address; one that does not answer may come later, if another one does. */
  checkAll(): Promise<void>
  /** `mayRepeat`: whatever became of it, asking another address the same does no harm. */
  run<T>(work: (client: ClickHouseClient) => Promise<T>, mayRepeat: boolean): Promise<T>
  close(): Promise<void>
}

/** `check` looks at an address before its first use, and again before the first one after a failure. */
export function failover(
  addresses: { url: string; client: ClickHouseClient }[],
  check: (client: ClickHouseClient, url: string) => Promise<void>,
): Hosts {
  const hosts = addresses.map((address) => ({ ...address, isChecked: false, failedAt: -AVOID_MS }))
  let current = hosts[0]!

  async function run<T>(work: (client: ClickHouseClient) => Promise<T>, mayRepeat: boolean): Promise<T> {
    const now = performance.now()
    const [good, avoided] = [true, false].map((isGood) =>
      [current, ...hosts.filter((host) => host !== current)].filter(
        ({ failedAt }) => now - failedAt >= AVOID_MS === isGood,
      ),
    )
    let failure: unknown
    for (const host of [...good!, ...avoided!]) {
      let isSent = false
      try {
        if (!host.isChecked) await check(host.client, host.url)
        host.isChecked = true
        isSent = true
        const answer = await work(host.client)
        current = host
        return answer
      } catch (error) {
        // What the server says itself, it says at every address.
        if (isSent && errorCodeOf(error) !== '') throw error
        host.failedAt = performance.now()
        // At an address that is the only one, there is nothing to compare with.
        host.isChecked = hosts.length === 1 && host.isChecked
        failure = error
        if (isSent && !mayRepeat && !isRefusedConnection(error)) throw error
      }
    }
    throw failure
  }
  return {
    async checkAll() {
      const failures: unknown[] = []
      for (const host of hosts)
        try {
          await check(host.client, host.url)
          host.isChecked = true
        } catch (error) {
          if (error instanceof StoreProblem) throw error
          host.failedAt = performance.now()
          failures.push(error)
        }
      if (failures.length === hosts.length) throw failures[0]
    },
    run,
    close: async () => void (await Promise.all(hosts.map(({ client }) => client.close()))),
  }
}

const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])
const isRefusedConnection = (error: unknown): boolean =>
  NEVER_SENT.has(String((error as { code?: unknown } | null)?.code))
