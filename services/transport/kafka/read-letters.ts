import { randomBytes } from 'node:crypto'
import type { KafkaMessage } from 'kafkajs'
import { type ClientOptions, createClient } from './client.ts'
import { LETTER_HEADERS, REPLAYED_HEADER } from './dead-letters.ts'

export interface FoundLetter {
  /** Where it came from: the origin and the offset. */
  id: string
  /** When it was put away. */
  at: string
  reason: string
  detail: string
  bytes: Buffer
  replayed: boolean
}

/** However slow a broker is, it has something to say by then. */
const SILENCE_MS = 15_000

/**
 * Every letter that is in the topic now, oldest first; one that came twice, once. As a member of a group of its own,
 * for kafkajs reads in no other way; the group goes with it.
 */
export async function readLetters(options: ClientOptions, topic: string): Promise<FoundLetter[]> {
  const kafka = createClient(options)
  const admin = kafka.admin()
  await admin.connect()
  const groupId = `telltale-letters-${randomBytes(6).toString('hex')}`
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 200, allowAutoTopicCreation: false })
  const letters = new Map<string, FoundLetter>()
  try {
    // What kafkajs says of a topic that is missing names neither it nor what to do.
    if (!(await admin.listTopics()).includes(topic))
      throw new Error(
        `there is no topic ${topic}: nothing was put aside yet, or kafka.dlq_topic names another one.`,
      )
    const ends = new Map<number, number>()
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic))
      if (Number(high) > Number(low)) ends.set(partition, Number(high))
    if (ends.size === 0) return []
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    const done = Promise.withResolvers<void>()
    const late = () => done.reject(new Error(`${topic} cannot be read to its end`))
    let timer = setTimeout(late, SILENCE_MS)
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        clearTimeout(timer)
        timer = setTimeout(late, SILENCE_MS)
        for (const message of batch.messages) note(letters, message)
        if (Number(batch.lastOffset()) + 1 >= (ends.get(batch.partition) ?? 0)) ends.delete(batch.partition)
        if (ends.size === 0) done.resolve()
      },
    })
    await done.promise.finally(() => clearTimeout(timer))
  } finally {
    await consumer.disconnect().catch(() => {})
    await admin.deleteGroups([groupId]).catch(() => {})
    await admin.disconnect().catch(() => {})
  }
  return [...letters.values()]
}

function note(
  letters: Map<string, FoundLetter>,
  { key, value, headers = {}, timestamp }: KafkaMessage,
): void {
  if (key === null) return
  const id = key.toString()
  if (headers[REPLAYED_HEADER] !== undefined) {
    const letter = letters.get(id)
    if (letter !== undefined) letter.replayed = true
    return
  }
  if (letters.has(id)) return
  letters.set(id, {
    id,
    at: new Date(Number(timestamp)).toISOString(),
    reason: String(headers[LETTER_HEADERS.reason] ?? ''),
    detail: String(headers[LETTER_HEADERS.detail] ?? ''),
    bytes: value ?? Buffer.alloc(0),
    replayed: false,
  })
}
