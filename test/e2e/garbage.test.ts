import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makePayload } from '../chaos/sender.ts'
import { telltale } from '../cli/run-cli.ts'
import { NO_BROKER, onBroker } from '../kafka/on-broker.ts'
import { startHttpFace } from '../store/http-face.ts'
import { eventually, startUp, type Up } from './up.ts'

const broker = await onBroker()
const face = await startHttpFace()
const directory = mkdtempSync(join(tmpdir(), 'telltale-garbage-'))
const running: Up[] = []
afterAll(async () => {
  for (const one of running) one.process.kill('SIGKILL')
  await face.close()
  await broker?.close()
  rmSync(directory, { recursive: true })
})

const GARBAGE = 300

test('a topic of another encoding is not carried to the dead letters; with the right setting it goes on', {
  timeout: 120_000,
}, async ({ skip }) => {
  skip(broker === null, NO_BROKER)
  const [wrong, right, letters] = [await broker!.topic(), await broker!.topic(), await broker!.topic()]
  const env = {
    TELLTALE_KAFKA_BROKERS: broker!.brokers.join(),
    TELLTALE_KAFKA_TOPIC: wrong,
    TELLTALE_KAFKA_GROUP: `g-${wrong}`,
    TELLTALE_KAFKA_DLQ_TOPIC: letters,
    TELLTALE_CLICKHOUSE_URL: face.url,
  }
  await telltale(['migrate'], { cwd: directory, env })
  const consume = async (more = {}) => {
    const up = await startUp(directory, { role: 'consume', env: { ...env, ...more } })
    running.push(up)
    return up
  }
  const messages = Array.from({ length: GARBAGE }, (_, i) => ({ value: `jaeger span ${i}` }))
  await broker!.producer.send({ topic: wrong, messages })
  const { body, sent } = makePayload(40)
  await broker!.producer.send({ topic: right, messages: [{ value: body }] })

  const one = await consume()
  const reason = await eventually(async () => {
    const answer = await fetch(`${one.url}/readyz`)
    const said = await answer.text()
    return answer.status === 503 && said.includes('could not be decoded') ? said : undefined
  }, `unready\n${one.said()}`)
  expect(reason).toMatch(/otlp_proto or otlp_json/)
  expect(await (await fetch(`${one.url}/metrics`)).text()).toMatch(/^telltale_kafka_stopped 1$/m)
  expect(await one.stop()).toBe(0)
  const highOf = async (topic: string) => Number((await broker!.admin.fetchTopicOffsets(topic))[0]!.high)
  const committed = async () => {
    const [found] = await broker!.admin.fetchOffsets({ groupId: env.TELLTALE_KAFKA_GROUP, topics: [wrong] })
    return Number(found!.partitions[0]!.offset)
  }
  expect(await highOf(letters)).toBeLessThan(100)
  expect(await committed()).toBeLessThan(100)

  // The mistake was the topic.
  const other = await consume({ TELLTALE_KAFKA_TOPIC: right })
  await eventually(async () => {
    const metrics = await (await fetch(`${other.url}/metrics`)).text()
    return /^telltale_kafka_lag_records\{partition="0"\} 0$/m.test(metrics) || undefined
  }, `caught up\n${other.said()}`)
  expect((await fetch(`${other.url}/readyz`)).ok).toBe(true)
  expect(await other.stop()).toBe(0)
  const counted = await fetch(`${face.url}/?database=telltale`, {
    method: 'POST',
    body: 'SELECT count() FROM errors',
  })
  expect(Number(await counted.text())).toBe(sent.errors)
  expect(await highOf(letters)).toBeLessThan(100)
})
