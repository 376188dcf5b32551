import { createRequire } from 'node:module'

interface ConsumerGroup {
  joinAndSync(): Promise<void>
  heartbeat(options: { interval: number }): Promise<void>
}

const PATCHED = Symbol.for('telltale.joinAfterFailedJoin')

/**
 * When joining fails, as when the broker dies meanwhile, kafkajs goes on to fetch by its old assignment and leaves it
 * to the next heartbeat to find out that the group must be joined again. But who was told that the group does not
 * know it has no member id, and without one it sends no heartbeat: it would fetch for ever and never be a member.
 * So after a join that failed, the next heartbeat is taken as refused.
 */
export function joinAfterFailedJoin(): void {
  const load = createRequire(import.meta.url)
  const { prototype } = load('kafkajs/src/consumer/consumerGroup') as {
    prototype: ConsumerGroup & { [PATCHED]?: true }
  }
  if (prototype[PATCHED]) return
  const { KafkaJSProtocolError } = load('kafkajs/src/errors') as {
    KafkaJSProtocolError: new (error: { message: string; type: string; retriable: boolean }) => Error
  }
  const { joinAndSync, heartbeat } = prototype
  const failed = new WeakSet<ConsumerGroup>()
  prototype.joinAndSync = async function () {
    try {
      await joinAndSync.call(this)
      failed.delete(this)
    } catch (error) {
      failed.add(this)
      throw error
    }
  }
  prototype.heartbeat = async function (options) {
    if (failed.has(this))
      // The type makes kafkajs join.
      throw new KafkaJSProtocolError({
        message: 'joining the group has failed before',
        type: 'REBALANCE_IN_PROGRESS',
        retriable: false,
      })
    await heartbeat.call(this, options)
  }
  prototype[PATCHED] = true
}
