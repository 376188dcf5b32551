import type { InputOptions } from '../../../services/transport/kafka/input.ts'
import { openInput } from '../../../services/transport/kafka/input.ts'
import type { Partition } from '../../../services/transport/kafka/partition.ts'

/** A member of a group that hands its partitions to the test instead of consuming them. */
export function kafkaPartitions(options: Pick<InputOptions, 'brokers' | 'topic'> & Partial<InputOptions>) {
  const handed: Partition[] = []
  const notices: { message: string; details: Record<string, unknown> }[] = []
  const waiting = new Set<() => void>()
  const input = openInput({
    group: `g-${options.topic}`,
    tls: null,
    sasl: null,
    stored: async () => [],
    sessionMs: 6_000,
    notice: (message, details) => notices.push({ message, details }),
    consume: (partition) => {
      handed.push(partition)
      for (const wake of waiting) wake()
      const stopped = Promise.withResolvers<void>()
      return {
        done: stopped.promise,
        async stop() {
          stopped.resolve()
        },
      }
    },
    ...options,
  })
  return {
    ...input,
    handed,
    notices,
    /** The newest life of a partition, as soon as there is one (or, with `times`, the so manieth). */
    async partition(number: number, times = 1): Promise<Partition> {
      const deadline = performance.now() + 20_000
      for (;;) {
        const all = handed.filter(({ partition }) => partition === number)
        if (all.length >= times) return all.at(-1)!
        if (performance.now() > deadline)
          throw new Error(`partition ${number} was not handed over: ${JSON.stringify(notices)}`)
        await new Promise<void>((resolve) => {
          const wake = () => {
            waiting.delete(wake)
            clearTimeout(late)
            resolve()
          }
          const late = setTimeout(wake, 500)
          waiting.add(wake)
        })
      }
    },
  }
}
