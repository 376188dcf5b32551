import type { Command } from 'commander'
import type { Config } from '../../config.ts'
import type { ClientOptions } from '../../transport/kafka/client.ts'
import type { FoundLetter } from '../../transport/kafka/read-letters.ts'
import {
  type CommonFlags,
  complain,
  FAILED,
  GOOD,
  loadFor,
  print,
  printJson,
  problemsOf,
  WRONG_USE,
  withConfiguration,
} from '../run.ts'
import { counted } from '../text/numbers.ts'
import { plain } from '../text/terminal.ts'

type Flags = CommonFlags & { json?: true; reason?: string; all?: true; fromOffset?: string }
type Work = (kafka: Config['kafka'], client: ClientOptions) => Promise<number>

/** `telltale replay`: what could not be decoded, and old records, once more. */
export function addReplay(program: Command): void {
  const replay = withConfiguration(program.command('replay'))
    .description('payloads that could not be decoded: look at them, and send them through again after a fix')
    .option('--from-offset <partition:offset>', 'read the topic again from there; what is stored is compared')
    .addHelpText(
      'after',
      `
Examples:
  $ telltale replay list
  $ telltale replay show kafka:otlp_spans:0:149fe98175114bdc:17 > payload.bin
  $ telltale replay run --reason protobuf
  $ telltale replay --from-offset 3:120000     (with the consumers stopped)`,
    )
    .action(async (flags: Flags) => {
      if (flags.fromOffset !== undefined) process.exitCode = await fromOffset(flags, flags.fromOffset)
      else {
        complain('say list, show, run, or --from-offset. Add --help for how it is used.')
        process.exitCode = WRONG_USE
      }
    })
  withConfiguration(replay.command('list'))
    .description('letters that were not replayed yet, oldest first')
    .option('--reason <reason>', 'json, protobuf or gap')
    .option('--all', 'also those that were')
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExample:\n  $ telltale replay list --reason protobuf')
    .action(async (flags: Flags) => {
      process.exitCode = await withKafka(flags, (kafka, client) => list(flags, kafka, client))
    })
  withConfiguration(replay.command('show <id>'))
    .description('the bytes of one letter, as they came')
    .addHelpText('after', '\nExample:\n  $ telltale replay show ID > payload.bin')
    .action(async (id: string, flags: Flags) => {
      process.exitCode = await withKafka(flags, (kafka, client) => show(id, kafka, client))
    })
  withConfiguration(replay.command('run'))
    .description('send letters through again, each once')
    .option('--reason <reason>', 'only these: json or protobuf')
    .option('--json', 'print how many as JSON')
    .addHelpText('after', '\nExample:\n  $ telltale replay run --reason protobuf')
    .action(async (flags: Flags) => {
      process.exitCode = await withKafka(flags, (kafka, client) => run(flags, kafka, client))
    })
}

async function withKafka(flags: Flags, work: Work): Promise<number> {
  const { config: file, data } = flags as Flags & { data?: string }
  const loaded = loadFor({ config: file, ...(data === undefined ? {} : { data }) })
  const wrong = problemsOf(loaded, flags)
  if (wrong !== null) return wrong
  const { kafka } = loaded.config
  if (kafka.brokers.length === 0) {
    complain(
      'there are dead letters with Kafka only: set TELLTALE_KAFKA_BROKERS. Without it, what cannot be decoded is refused with 400.',
    )
    return FAILED
  }
  try {
    const { clientOptions } = await import('../../transport/kafka/settings.ts')
    return await work(kafka, await clientOptions(kafka, () => {}))
  } catch (error) {
    complain((error as Error).message)
    return FAILED
  }
}

async function found(
  { dlqTopic }: Config['kafka'],
  client: ClientOptions,
  { reason, all }: Flags,
): Promise<FoundLetter[]> {
  const { readLetters } = await import('../../transport/kafka/read-letters.ts')
  const letters = await readLetters(client, dlqTopic)
  return letters.filter(
    (letter) => (all || !letter.replayed) && (reason === undefined || letter.reason === reason),
  )
}

async function list(flags: Flags, kafka: Config['kafka'], client: ClientOptions): Promise<number> {
  const letters = await found(kafka, client, flags)
  if (flags.json) printJson(letters.map(({ bytes, ...letter }) => ({ ...letter, bytes: bytes.length })))
  else if (letters.length === 0) print('There are none.')
  else
    for (const { id, at, reason, detail, bytes } of letters)
      print(`${at}  ${plain(id)}  ${plain(reason)}  ${counted(bytes.length, 'byte')}  ${plain(detail)}`)
  return GOOD
}

async function show(id: string, kafka: Config['kafka'], client: ClientOptions): Promise<number> {
  const letter = (await found(kafka, client, { all: true })).find((one) => one.id === id)
  if (letter === undefined) {
    complain(`there is no letter ${id}; \`telltale replay list --all\` says which there are`)
    return FAILED
  }
  process.stdout.write(letter.bytes)
  return GOOD
}

async function run(flags: Flags, kafka: Config['kafka'], client: ClientOptions): Promise<number> {
  const { replayLetters } = await import('../../transport/kafka/replay.ts')
  // A gap has no bytes: it only says what is gone.
  const letters = (await found(kafka, client, flags)).filter(({ reason }) => reason !== 'gap')
  const count = await replayLetters(client, { topic: kafka.topic, letters: kafka.dlqTopic, found: letters })
  if (flags.json) printJson({ replayed: count })
  else print(count === 0 ? 'There are none.' : `${counted(count, 'payload')} sent through again.`)
  return GOOD
}

async function fromOffset(flags: Flags, place: string): Promise<number> {
  const [, partition, offset] = /^(\d+):(\d+)$/.exec(place) ?? []
  if (partition === undefined) {
    complain(`--from-offset ${place}: give a partition and an offset, like 3:120000`)
    return WRONG_USE
  }
  return withKafka(flags, async ({ topic, group }, client) => {
    const { resetOffset } = await import('../../transport/kafka/replay.ts')
    await resetOffset(client, { topic, group, partition: Number(partition), offset: Number(offset) })
    print(`${group} begins at ${offset} in partition ${partition} of ${topic} when it is started.`)
    return GOOD
  })
}
