import { createHash } from 'node:crypto'
import { type ClientOptions, createClient } from './client.ts'
import { REPLAYED_HEADER } from './dead-letters.ts'
import { HASH_BYTES, HASH_HEADER } from './payload-hash.ts'
import type { FoundLetter } from './read-letters.ts'
import { openSender } from './sender.ts'

/**
 * Puts letters into the topic once more, and notes that it was done. Killed in between, it does some of them again
 * when it is run again; within ten minutes the consumer knows them by their hash, which follows from the letter's id.
 */
export async function replayLetters(
  options: ClientOptions,
  { topic, letters, found }: { topic: string; letters: string; found: FoundLetter[] },
): Promise<number> {
  const into = openSender({ ...options, topic })
  const notes = openSender({ ...options, topic: letters })
  let count = 0
  try {
    for (const { id, bytes } of found) {
      const hash = createHash('sha256').update(`replay ${id}`).digest().subarray(0, HASH_BYTES)
      const message = { key: hash, value: bytes, headers: { [HASH_HEADER]: hash } }
      const sent = await into.append(message)
      if (sent.status === 'retry') throw sent.error
      const note = { key: Buffer.from(id), value: Buffer.alloc(0), headers: { [REPLAYED_HEADER]: '1' } }
      const noted = await notes.append(note)
      if (noted.status === 'retry') throw noted.error
      count++
    }
    return count
  } finally {
    await into.close()
    await notes.close()
  }
}

/** Sets the group back, so that the next consumer begins there; what the store has already it compares. */
export async function resetOffset(
  options: ClientOptions,
  { topic, group, partition, offset }: { topic: string; group: string; partition: number; offset: number },
): Promise<void> {
  const admin = createClient(options).admin()
  await admin.connect()
  try {
    const described = await admin.describeGroups([group])
    const members = described.groups[0]?.members.length ?? 0
    if (members > 0)
      throw new Error(
        `the group ${group} has ${members} consumers. Stop them, set the offset, and start them again.`,
      )
    const marks = await admin.fetchTopicOffsets(topic)
    const mark = marks.find((one) => one.partition === partition)
    if (mark === undefined) throw new Error(`${topic} has no partition ${partition}`)
    if (offset < Number(mark.low) || offset > Number(mark.high))
      throw new Error(`partition ${partition} of ${topic} has the offsets ${mark.low} to ${mark.high}`)
    await admin.setOffsets({ groupId: group, topic, partitions: [{ partition, offset: String(offset) }] })
  } finally {
    await admin.disconnect()
  }
}
