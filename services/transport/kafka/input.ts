import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs'
import { errorOf } from '../../contract/thrown.ts'
import { type ClientOptions, createClient } from './client.ts'
import { joinAfterFailedJoin } from './failed-join.ts'
import { Frames } from './frames.ts'
import { Membership } from './membership.ts'
import { type Consume, PartitionRun } from './partition.ts'
import { planTakeover, type Stored } from './takeover.ts'
import { topicId } from './topic-id.ts'

export interface InputOptions extends ClientOptions {
  topic: string
  group: string
  consume: Consume
  /** What the store has of an origin beyond an offset, in ranges of whole blocks. */
  stored: (origin: string, from: number) => Promise<Stored[]>
  /** Hears of records that are gone and were never stored. */
  lost?: (gap: { origin: string; first: number; end: number }) => void
  /** Hears of bytes that have come and will soon be garbage: what was unpacked. */
  fetched?: (bytes: number) => void
  /** Of all partitions together, in memory. */
  queueBytes?: number
  sessionMs?: number
}

export interface InputStats {
  /** Joined a group, with partitions or without. */
  isJoined: boolean
  /** Why Kafka cannot be consumed at present, or null. */
  problem: string | null
  partitions: number
  lagRecords: number
  lagMs: number
  queueBytes: number
  rebalances: number
  crashes: number
  lostRecords: number
}

export interface KafkaInput {
  stats(): InputStats
  /** Of each partition that is this process's at the moment. */
  lag(): { partition: number; records: number; ms: number }[]
  /** Delivers what is in hand, commits, leaves the group. */
  close(): Promise<void>
}

/** Little, for what waits long is moved to where only the dear collection of garbage finds it; some fetches ahead. */
const QUEUE_BYTES = 16 << 20
const LEAST_QUEUE_BYTES = 1 << 20
const SESSION_MS = 10_000
/** Also how long a partition that was stopped may wait to be asked again. */
const FETCH_WAIT_MS = 250
const WATERMARKS_MS = 5_000
const FIRST_RETRY_MS = 200
const LAST_RETRY_MS = 10_000
/** Of a stop; what is in hand by then is stored, or will be delivered again. */
const FINISH_MS = 8_000
/** How long a takeover waits for this process's own block of that partition. */
const LEAVE_MS = 10_000

/** Consumes a topic as a member of a group: each partition that is assigned gets a consumer, as long as it is ours. */
export function openInput(options: InputOptions): KafkaInput {
  const { topic, group, notice, queueBytes = QUEUE_BYTES, sessionMs = SESSION_MS } = options
  const frames = new Frames()
  const kafka = createClient(options, frames)
  const admin = kafka.admin()
  const runs = new Map<number, PartitionRun>()
  const highs = new Map<number, number>()
  const stats = { rebalances: 0, crashes: 0, lostRecords: 0 }
  let problem: string | null = 'not connected yet'
  let closing = false
  const closed = Promise.withResolvers<void>()
  let commitOffsets: EachBatchPayload['commitOffsetsIfNecessary'] | null = null

  const consumer = newConsumer(kafka, group, sessionMs)
  const membership = new Membership(consumer, topic, sessionMs)

  /** In the same tick as the check, the commit is stamped with the generation that the check was about. */
  const commitOf =
    (run: () => PartitionRun, partition: number) => async (offset: number, metadata: string) => {
      if (!run().isOurs || !membership.owns(partition))
        throw new Error(`partition ${partition} is not this consumer's at the moment`)
      if (commitOffsets === null) throw new Error('nothing has been read from Kafka yet')
      const committing = commitOffsets({
        // The types of kafkajs leave the metadata out.
        topics: [
          {
            topic,
            partitions: [
              { partition, offset: String(offset), metadata } as { partition: number; offset: string },
            ],
          },
        ],
      })
      await committing.catch((error) => {
        membership.refused(error)
        throw error
      })
      membership.alive()
    }

  const at = (partition: number) => ({ topic, partitions: [partition] })
  const resume = (partition: number) => {
    if (membership.owns(partition) && !closing) consumer.resume([at(partition)])
  }

  /** Until it succeeds, or another assignment comes. */
  async function takeOver(partitions: number[]): Promise<void> {
    const epoch = membership.epoch
    const current = () => epoch === membership.epoch && !closing
    for (let wait = FIRST_RETRY_MS; current(); wait = Math.min(wait * 2, LAST_RETRY_MS)) {
      try {
        await takeOverNow(partitions, current)
        if (current()) problem = null
        return
      } catch (thrown) {
        const error = errorOf(thrown)
        if (!current()) return
        problem = `partitions cannot be taken over: ${error.message}`
        notice('partitions cannot be taken over; trying again', { partitions, error })
        await Promise.race([sleep(wait), closed.promise])
      }
    }
  }

  async function takeOverNow(partitions: number[], current: () => boolean): Promise<void> {
    const [id, committedOffsets, marks] = await Promise.all([
      topicId(kafka, topic),
      admin.fetchOffsets({ groupId: group, topics: [topic] }),
      admin.fetchTopicOffsets(topic),
    ])
    const offsets = committedOffsets[0]?.partitions ?? []
    // Half of it tells lives apart; rows carry it, and tokens. Brokers before 2.8 know of no lives.
    const generation = id === null ? '0' : id.slice(0, 16)
    const share = Math.max(LEAST_QUEUE_BYTES, Math.floor(queueBytes / Math.max(1, partitions.length)))
    for (const partition of partitions) {
      if (!current()) return
      const { offset = '-1', metadata = null } = offsets.find((one) => one.partition === partition) ?? {}
      const committed = { offset: Number(offset), metadata: metadata || null }
      const mark = marks.find((one) => one.partition === partition)
      if (mark === undefined) throw new Error(`partition ${partition} has no offsets`)
      highs.set(partition, Number(mark.high))
      const before = runs.get(partition)
      if (before?.isOurs && before.ledger.left(committed)) {
        // Nobody else has had it in between: the consumer goes on as if nothing had happened.
        consumer.seek({ topic, partition, offset: String(before.queue.end) })
        if (!before.queue.isFull) resume(partition)
        continue
      }
      before?.abandon()
      if (before) await Promise.race([before.consumer.done.catch(() => {}), sleep(LEAVE_MS)])
      const found = {
        topic,
        partition,
        generation,
        committed,
        low: Number(mark.low),
        high: Number(mark.high),
      }
      const takeover = await planTakeover(
        { ...found, known: before?.ledger.position ?? null },
        options.stored,
      )
      if (!current()) return
      if (takeover.gap !== null) lose({ origin: takeover.origin, ...takeover.gap })
      const run: PartitionRun = new PartitionRun(partition, {
        takeover,
        committed,
        commit: commitOf(() => run, partition),
        isOwned: () => membership.owns(partition),
        consume: options.consume,
        queueBytes: share,
        frames,
        onRoom: () => resume(partition),
      })
      runs.set(partition, run)
      consumer.seek({ topic, partition, offset: String(takeover.readFrom) })
      resume(partition)
    }
  }

  function lose(gap: { origin: string; first: number; end: number }): void {
    stats.lostRecords += gap.end - gap.first
    notice('records were removed from Kafka before they were stored', gap)
    options.lost?.(gap)
  }

  /**
   * Kafka has gone on somewhere else than where the queue ends: were records removed? If not, it is the answer to a
   * question from before the last assignment.
   */
  async function isCut(partition: number, expected: number): Promise<boolean> {
    const marks = await admin.fetchTopicOffsets(topic)
    return Number(marks.find((one) => one.partition === partition)?.low ?? 0) > expected
  }

  async function eachBatch({
    batch,
    resolveOffset,
    commitOffsetsIfNecessary,
  }: EachBatchPayload): Promise<void> {
    commitOffsets = commitOffsetsIfNecessary
    const { partition } = batch
    highs.set(partition, Number(batch.highWatermark))
    const run = runs.get(partition)
    if (run === undefined || !run.isOurs || !membership.owns(partition) || closing) return
    const { fetchedOffset } = batch as unknown as { fetchedOffset: string }
    if (Number(fetchedOffset) > run.queue.end) {
      if (await isCut(partition, run.queue.end)) {
        consumer.pause([at(partition)])
        run.abandon()
        void takeOver([partition])
      } else consumer.seek({ topic, partition, offset: String(run.queue.end) })
      return
    }
    const end = Number(batch.lastOffset()) + 1
    if (batch.messages.some(({ value }) => value !== null && frames.isGone(value))) {
      consumer.seek({ topic, partition, offset: String(run.queue.end) })
      return
    }
    options.fetched?.(batch.messages.reduce((sum, { value }) => sum + frames.bytesOutside(value), 0))
    run.queue.high = Number(batch.highWatermark)
    if (run.push(batch.messages, end)) consumer.pause([at(partition)])
    resolveOffset(batch.lastOffset())
  }

  membership.on({
    // Before the group is joined anew, for afterwards it is too late.
    rebalancing: () => {
      for (const run of runs.values()) run.ledger.flush().catch(() => {})
    },
    joined: (partitions) => {
      if (membership.epoch > 1) stats.rebalances++
      for (const [partition, run] of runs)
        if (!partitions.includes(partition)) {
          run.abandon()
          runs.delete(partition)
          highs.delete(partition)
        }
      // In the same turn, so before anything is fetched.
      if (partitions.length > 0) consumer.pause([{ topic, partitions }])
      void takeOver(partitions)
    },
    skipped: (partition, end) => {
      const run = runs.get(partition)
      if (run?.isOurs) run.queue.end = Math.max(run.queue.end, end)
    },
    crashed: (error, restarts) => {
      stats.crashes++
      // It comes back as another member, with which nothing can be committed before something was read.
      commitOffsets = null
      for (const run of runs.values()) run.abandon()
      problem = error.message
      notice('the Kafka consumer crashed; it starts again', { error })
      if (!restarts && !closing) void begin()
    },
  })

  async function begin(): Promise<void> {
    for (let wait = FIRST_RETRY_MS; !closing; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
      try {
        await admin.connect()
        await consumer.connect()
        await consumer.subscribe({ topics: [topic], fromBeginning: true })
        await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch })
        return
      } catch (thrown) {
        const error = errorOf(thrown) as Error & { type?: string }
        const isMissing = error.type === 'UNKNOWN_TOPIC_OR_PARTITION'
        const said = isMissing
          ? `there is no topic ${topic}: make it (kafka-topics.sh --create), or name another in kafka.topic; looking again`
          : error.message
        // The same again is not news; what is wrong stands on /readyz.
        if (said !== problem && isMissing) notice(said, { topic })
        else if (said !== problem) notice('Kafka cannot be consumed; trying again', { topic, error })
        problem = said
        await consumer.stop().catch(() => {})
        await Promise.race([sleep(wait), closed.promise])
      }
    }
  }
  const beginning = begin()

  const watermarks = setInterval(() => {
    admin.fetchTopicOffsets(topic).then(
      (marks) => {
        for (const { partition, high } of marks) if (runs.has(partition)) highs.set(partition, Number(high))
      },
      () => {},
    )
  }, WATERMARKS_MS)
  watermarks.unref()

  /** Who has not heard from the group for so long may be waiting for an answer that never comes. */
  const silence = (): string | null =>
    membership.silentMs > 2 * sessionMs
      ? `nothing was heard from the consumer group for ${Math.round(membership.silentMs / 1000)} s`
      : null

  const lag = () =>
    [...runs.values()].map((run) => ({
      partition: run.partition,
      records: Math.max(0, (highs.get(run.partition) ?? 0) - run.ledger.position),
      ms: run.lagMs(Date.now()),
    }))

  return {
    lag,
    stats: () => {
      const all = lag()
      return {
        ...stats,
        isJoined: membership.isJoined,
        problem: problem ?? silence(),
        partitions: runs.size,
        lagRecords: all.reduce((sum, { records }) => sum + records, 0),
        lagMs: all.reduce((most, { ms }) => Math.max(most, ms), 0),
        queueBytes: [...runs.values()].reduce((sum, { queue }) => sum + queue.bytes, 0),
      }
    },
    async close() {
      closing = true
      clearInterval(watermarks)
      const finishing = Promise.allSettled([...runs.values()].map((run) => run.finish()))
      await Promise.race([finishing, sleep(FINISH_MS)])
      for (const run of runs.values()) run.abandon()
      closed.resolve()
      await beginning
      await consumer.disconnect().catch(() => {})
      await admin.disconnect().catch(() => {})
    },
  }
}

function newConsumer(kafka: Kafka, groupId: string, sessionMs: number): Consumer {
  joinAfterFailedJoin()
  return kafka.consumer({
    groupId,
    sessionTimeout: sessionMs,
    rebalanceTimeout: 2 * sessionMs,
    heartbeatInterval: Math.floor(sessionMs / 10),
    maxWaitTimeInMs: FETCH_WAIT_MS,
    maxBytesPerPartition: 4 << 20,
    maxBytes: 16 << 20,
    allowAutoTopicCreation: false,
    retry: { retries: 8, restartOnFailure: async () => true },
  })
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref())
