import { createRequire } from 'node:module'
import kafkajs from 'kafkajs'
import { type BatchOwner, type OutMessage, recordBatch } from './record-batch.ts'

// kafkajs copies what it writes some nine times on the way, and sums it up byte by byte. Here alone the requests that
// write messages of ours are made otherwise: partitions, sequences, retries and answers are kafkajs's as before. It
// reaches into that library, so its version is pinned; messages of anybody else go the usual way.

/** From the broker's point of view the same as any message. */
export class Outgoing implements OutMessage {
  readonly key: Buffer
  readonly value: Buffer
  readonly headers: OutMessage['headers']
  /** Nobody waits for it any more: its bytes may be others by now, and must not be written. */
  isGivenUp = false

  constructor({ key, value, headers }: OutMessage) {
    this.key = key
    this.value = value
    this.headers = headers
  }
}

interface ProduceOptions extends Omit<BatchOwner, 'firstSequence'> {
  acks: number
  timeout: number
  compression: number
  topicData: { topic: string; partitions: PartitionData[] }[]
}
interface PartitionData {
  partition: number
  firstSequence: number
  messages: unknown[]
}
interface Request {
  apiKey: number
  apiVersion: number
  apiName: string
  inPieces?: (correlationId: number, clientId: string) => Buffer[]
}
interface Response {
  decode(bytes: Buffer): Promise<{ clientSideThrottleTime: number }>
  parse(decoded: unknown): Promise<unknown>
}
interface Definition {
  request: Request
  response: Response
}
type Protocol = (of: { version: number }) => (options: ProduceOptions) => Definition
interface Connection {
  clientId: string
  socket: NodeJS.WritableStream & { cork(): void; uncork(): void }
  requestQueue: { push(request: object): void; maybeThrottle(ms: number): void }
  isAuthenticated(): boolean
  authenticate(): Promise<void>
  failIfNotConnected(): void
  nextCorrelationId(): number
  send(definition: Definition): Promise<unknown>
}

/** The newest that kafkajs knows; every broker since 2018 does. */
const VERSION = 7
const PATCHED = Symbol.for('telltale.produceInPieces')

export function produceInPieces(): void {
  const load = createRequire(import.meta.url)
  const produce = load('kafkajs/src/protocol/requests/produce') as { protocol: Protocol; [PATCHED]?: true }
  if (produce[PATCHED]) return
  produce[PATCHED] = true
  const { protocol } = produce
  produce.protocol = (of) => {
    const usual = protocol(of)
    return (options) => {
      const definition = usual(options)
      if (of.version === VERSION && isOurs(options))
        definition.request.inPieces = (correlationId, clientId) => piecesOf(options, correlationId, clientId)
      return definition
    }
  }
  const { prototype } = load('kafkajs/src/network/connection') as { prototype: Connection }
  const { send } = prototype
  prototype.send = function (definition) {
    const { inPieces } = definition.request
    return inPieces === undefined ? send.call(this, definition) : sendPieces(this, definition, inPieces)
  }
}

const isOurs = ({ compression, topicData }: ProduceOptions): boolean =>
  compression === kafkajs.CompressionTypes.None &&
  topicData.every(({ partitions }) =>
    partitions.every(({ messages }) => messages.every((message) => message instanceof Outgoing)),
  )

/** As a connection of kafkajs sends. */
async function sendPieces(
  connection: Connection,
  { request, response }: Definition,
  inPieces: NonNullable<Request['inPieces']>,
): Promise<unknown> {
  if (!connection.isAuthenticated()) await connection.authenticate()
  connection.failIfNotConnected()
  const correlationId = connection.nextCorrelationId()
  const pieces = inPieces(correlationId, connection.clientId)
  const { apiKey, apiName, apiVersion } = request
  const { payload } = await new Promise<{ payload: Buffer }>((resolve, reject) => {
    connection.requestQueue.push({
      entry: { apiKey, apiName, apiVersion, correlationId, resolve, reject },
      expectResponse: true,
      requestTimeout: null,
      sendRequest: () => {
        const { socket } = connection
        socket.cork()
        for (const piece of pieces) socket.write(piece)
        socket.uncork()
      },
    })
  })
  const decoded = await response.decode(payload)
  connection.requestQueue.maybeThrottle(decoded.clientSideThrottleTime)
  return response.parse(decoded)
}

function piecesOf(
  { acks, timeout, topicData, producerId, producerEpoch }: ProduceOptions,
  correlationId: number,
  clientId: string,
): Buffer[] {
  const now = Date.now()
  const pieces: Buffer[] = [
    Buffer.concat([
      int16(0),
      int16(VERSION),
      int32(correlationId),
      text(clientId),
      // No transaction.
      int16(-1),
      int16(acks),
      int32(timeout),
      int32(topicData.length),
    ]),
  ]
  for (const { topic, partitions } of topicData) {
    pieces.push(text(topic), int32(partitions.length))
    for (const { partition, firstSequence, messages } of partitions) {
      if (messages.some((message) => (message as Outgoing).isGivenUp))
        throw new kafkajs.KafkaJSNonRetriableError('nobody waits for these messages any more')
      const owner = { producerId, producerEpoch, firstSequence }
      const batch = recordBatch(messages as Outgoing[], owner, now)
      pieces.push(int32(partition), int32(lengthOf(batch)), ...batch)
    }
  }
  return [int32(lengthOf(pieces)), ...pieces]
}

const lengthOf = (pieces: readonly Buffer[]): number => pieces.reduce((sum, { length }) => sum + length, 0)

function int16(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(2)
  bytes.writeInt16BE(value)
  return bytes
}

function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeInt32BE(value)
  return bytes
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([int16(bytes.length), bytes])
}
