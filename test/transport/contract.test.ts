import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Ledger } from '../../services/contract/ledger.ts'
import type { Source, SourceRecord } from '../../services/contract/source.ts'
import { openInline } from '../../services/transport/inline/open.ts'
import { NO_BROKER, onBroker } from '../kafka/on-broker.ts'
import { kafkaPartitions } from './kafka/partitions.ts'

// What the consumer relies on, of every transport. Kafka's part needs a broker.

interface Opened {
  source: Source
  ledger: Ledger
  /** As a stop does. */
  close(): Promise<void>
}
interface Transport {
  append(record: Buffer): Promise<void>
  /** The same records again, as the next process finds them. */
  open(): Promise<Opened>
  remove(): Promise<void>
}

const broker = await onBroker()
afterAll(() => broker?.close())

async function inline(): Promise<Transport> {
  const directory = mkdtempSync(join(tmpdir(), 'telltale-contract-'))
  let opened = await openInline({ directory })
  return {
    async append(record) {
      expect((await opened.append(randomBytes(16), record)).status).toBe('done')
    },
    async open() {
      await opened.close()
      opened = await openInline({ directory })
      return { source: opened.source, ledger: opened.ledger, close: async () => opened.ledger.flush() }
    },
    async remove() {
      await opened.close()
      rmSync(directory, { recursive: true })
    },
  }
}

async function kafka(): Promise<Transport> {
  const topic = await broker!.topic()
  const opened: ReturnType<typeof kafkaPartitions>[] = []
  return {
    async append(record) {
      await broker!.producer.send({ topic, messages: [{ value: record }] })
    },
    async open() {
      await opened.at(-1)?.close()
      const input = kafkaPartitions({ brokers: broker!.brokers, topic })
      opened.push(input)
      const { source, ledger } = await input.partition(0)
      return { source, ledger, close: () => input.close() }
    },
    async remove() {
      await opened.at(-1)?.close()
    },
  }
}

const read = async (source: Source, count: number, from = 0): Promise<SourceRecord[]> => {
  const records: SourceRecord[] = []
  let next = from
  while (records.length < count) {
    await source.wait(next, AbortSignal.timeout(10_000))
    const more = await source.read(next, 1 << 20)
    expect(more.length).toBeGreaterThan(0)
    records.push(...more.map((one) => ({ ...one, record: Buffer.from(one.record) })))
    next = records.at(-1)!.offset + 1
  }
  return records
}

describe.each([
  { name: 'inline', make: inline },
  { name: 'kafka', make: kafka },
])('$name', ({ name, make }) => {
  const using = async (
    skip: (condition: boolean, why: string) => void,
    work: (transport: Transport) => Promise<void>,
  ) => {
    skip(name === 'kafka' && broker === null, NO_BROKER)
    const transport = await make()
    await work(transport)
    await transport.remove()
  }

  test('records come in order, whole, with ascending offsets', ({ skip }) =>
    using(skip, async (transport) => {
      const sent = Array.from({ length: 20 }, (_, i) => randomBytes(1 + i * 10_000))
      const { source, ledger } = await transport.open()
      for (const record of sent) await transport.append(record)
      const { position } = ledger.read()
      const got = await read(source, 20, position)
      expect(
        got.map(({ record }) => record.equals(sent[got.findIndex((one) => one.record === record)]!)),
      ).toEqual(sent.map(() => true))
      expect(got.map(({ offset }) => offset)).toEqual(sent.map((_, i) => position + i))
      for (const { arrival } of got) expect(Math.abs(arrival - Date.now())).toBeLessThan(60_000)
    }))

  test('who waits is woken by a record, by a signal, and by the end', ({ skip }) =>
    using(skip, async (transport) => {
      const { source, close } = await transport.open()
      expect(await source.read(0, 1000)).toEqual([])
      const aborted = new AbortController()
      const waiting = source.wait(0, aborted.signal)
      aborted.abort()
      await waiting
      const woken = source.wait(0)
      await transport.append(Buffer.from('a'))
      await woken
      expect((await source.read(0, 1000)).map(({ record }) => String(record))).toEqual(['a'])
      if (name === 'inline') return
      const ended = source.wait(1)
      await close()
      await ended
    }))

  test('an intent outlives the process, with what shapes the block, and ends with the advance', ({ skip }) =>
    using(skip, async (transport) => {
      for (const text of ['a', 'b', 'c', 'd']) await transport.append(Buffer.from(text))
      const first = await transport.open()
      await read(first.source, 4)
      const intent = { first: 0, end: 3, shape: { cardinality: 7, clock: 1_234 } }
      await first.ledger.intend(intent)
      expect(first.ledger.read()).toEqual({ position: 0, intent })

      const second = await transport.open()
      expect(second.ledger.read()).toEqual({ position: 0, intent })
      expect(second.source.origin).toBe(first.source.origin)
      expect((await read(second.source, 4)).map(({ record }) => String(record)).join('')).toBe('abcd')
      await second.ledger.advance(3)
      expect(second.ledger.read()).toEqual({ position: 3, intent: null })
      await second.ledger.intend({ first: 3, end: 4 })
      await second.ledger.advance(4)
      await second.close()

      const third = await transport.open()
      expect(third.ledger.read()).toEqual({ position: 4, intent: null })
    }))

  test('an intent begins at the position, and one is under way at a time', ({ skip }) =>
    using(skip, async (transport) => {
      for (const text of ['a', 'b', 'c']) await transport.append(Buffer.from(text))
      const { source, ledger } = await transport.open()
      await read(source, 3)
      await expect(ledger.intend({ first: 1, end: 2 })).rejects.toThrow(RangeError)
      await ledger.intend({ first: 0, end: 2 })
      await expect(ledger.intend({ first: 0, end: 3 })).rejects.toThrow(RangeError)
      await expect(ledger.advance(1)).rejects.toThrow(RangeError)
      await ledger.advance(2)
    }))
})
