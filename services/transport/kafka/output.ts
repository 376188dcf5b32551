import type { Appended } from '../../contract/accepted.ts'
import { HASH_HEADER } from './payload-hash.ts'
import { openSender, type SenderOptions, type SenderStats } from './sender.ts'

export interface KafkaOutput {
  /** Answers when all of them are durable. After "retry" some may be: they are known by their hashes next time. */
  append(pieces: { hash: Buffer; payload: Buffer }[]): Promise<Appended>
  stats(): SenderStats
  close(): Promise<void>
}

/** Intake's end of the topic. */
export function openOutput(options: SenderOptions): KafkaOutput {
  const sender = openSender(options)
  return {
    async append(pieces) {
      const answers = await Promise.all(
        pieces.map(({ hash, payload }) =>
          sender.append({ key: hash, value: payload, headers: { [HASH_HEADER]: hash } }),
        ),
      )
      return answers.find(({ status }) => status === 'retry') ?? { status: 'done', duplicate: false }
    },
    stats: () => sender.stats(),
    close: () => sender.close(),
  }
}
