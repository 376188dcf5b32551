import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { audit } from '../chaos/audit.ts'
import { add, makePayload, nothingSent, post } from '../chaos/sender.ts'
import { telltale } from '../cli/run-cli.ts'
import { NO_BROKER, onBroker } from '../kafka/on-broker.ts'
import { startHttpFace } from '../store/http-face.ts'
import { parseMetrics } from './prometheus-text.ts'
import { eventually, startUp, type Up } from './up.ts'

const broker = await onBroker()
const directory = mkdtempSync(join(tmpdir(), 'telltale-kafka-e2e-'))
const running: Up[] = []
beforeEach(({ skip }) => skip(broker === null, NO_BROKER))
afterAll(async () => {
  for (const one of running) one.process.kill('SIGKILL')
  rmSync(directory, { recursive: true })
  await broker?.close()
})

const start = async (...parameters: Parameters<typeof startUp>) => {
  const up = await startUp(...parameters)
  running.push(up)
  return up
}
async function topics(partitions: number) {
  const topic = await broker!.topic(partitions)
  // Made by whoever has the first letter.
  const letters = `${topic}-letters`
  return {
    topic,
    letters,
    env: {
      TELLTALE_KAFKA_BROKERS: broker!.brokers.join(),
      TELLTALE_KAFKA_TOPIC: topic,
      TELLTALE_KAFKA_GROUP: `g-${topic}`,
      TELLTALE_KAFKA_DLQ_TOPIC: letters,
      // Who was killed is missed soon.
      TELLTALE_KAFKA_SESSION_MS: '2000',
    },
  }
}
const ready = async ({
  url,
}: Up): Promise<{ checks: { name: string; lag?: { records: number } }[] } | undefined> => {
  const answer = await fetch(`${url}/readyz`)
  return answer.ok ? ((await answer.json()) as { data: never }).data : undefined
}
const caughtUp = (up: Up) =>
  eventually(
    async () =>
      (await ready(up))?.checks.some(({ lag }) => lag !== undefined && lag.records === 0) || undefined,
    `${up.url} has caught up\n${up.said()}`,
    20_000,
  )

test('up takes Kafka for the journal: exact through a kill, with poison among the payloads and clients that repeat', {
  timeout: 120_000,
}, async () => {
  const { topic, letters, env } = await topics(3)
  const data = join(directory, 'up')
  const sent = nothingSent()
  const send = async (up: Up, times = 1) => {
    const payload = makePayload(30)
    for (let i = 0; i < times; i++) expect(await post(`${up.otlpUrl}/v1/traces`, payload.body)).toBe(200)
    add(sent, payload.sent)
  }
  const first = await start(data, { env })
  await eventually(() => ready(first), `ready\n${first.said()}`)
  for (let i = 0; i < 20; i++) await send(first, i % 5 === 0 ? 2 : 1)
  // As a Collector writes it: without a key or a hash; and what nobody can read.
  const foreign = makePayload(30)
  add(sent, foreign.sent)
  await broker!.producer.send({
    topic,
    messages: [{ value: foreign.body }, { value: 'not OTLP' }, { value: '{"resourceSpans": 5}' }],
  })
  first.process.kill('SIGKILL')
  await once(first.process, 'exit')

  const second = await start(data, { env })
  await eventually(() => ready(second), `ready again\n${second.said()}`)
  for (let i = 0; i < 10; i++) await send(second)
  await caughtUp(second)
  const metrics = await (await fetch(`${second.url}/metrics`)).text()
  expect(metrics).toMatch(/^telltale_kafka_partitions 3$/m)
  expect(metrics).toMatch(/^telltale_kafka_lag_records\{partition="2"\} 0$/m)
  const reference = readFileSync(join(import.meta.dirname, '../../docs/reference.md'), 'utf8')
  const documented = reference.match(/^\| `telltale_kafka_\w+` \|.*$/gm) ?? []
  const served = parseMetrics(metrics).filter(({ name }) => name.startsWith('telltale_kafka_'))
  expect(documented.sort()).toEqual(
    served.map(({ name, type, help }) => `| \`${name}\` | ${type} | ${help} |`).sort(),
  )
  expect(await second.stop()).toBe(0)
  expect(await audit(data, sent)).toEqual([])

  // What could not be decoded is listed (also if the kill had it put away twice), shown, and goes through again.
  const replay = (...words: string[]) => telltale(['replay', ...words], { cwd: directory, env })
  const listed = JSON.parse((await replay('list', '--json')).stdout) as { id: string; reason: string }[]
  expect(listed.map(({ reason }) => reason).sort()).toEqual(['json', 'protobuf'])
  const json = listed.find(({ reason }) => reason === 'json')!
  expect((await replay('show', json.id)).stdout).toBe('{"resourceSpans": 5}')
  const mended = makePayload(10)
  await broker!.producer.send({
    topic: letters,
    messages: [{ key: 'x', value: mended.body, headers: { 'telltale-reason': 'old' } }],
  })
  add(sent, mended.sent)
  expect((await replay('run', '--reason', 'old')).stdout).toBe('1 payload sent through again.\n')
  const left = JSON.parse((await replay('list', '--json')).stdout) as { id: string }[]
  expect(left.map(({ id }) => id)).not.toContain('x')

  // An old range again: it is compared, and nothing of it counts twice.
  expect(await replay('--from-offset', '1:0')).toMatchObject({ code: 0 })
  const third = await start(data, { env })
  await eventually(() => ready(third), `ready a third time\n${third.said()}`)
  expect(await replay('--from-offset', '1:0')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Stop'),
  })
  await caughtUp(third)
  expect(await third.stop()).toBe(0)
  expect(await audit(data, sent)).toEqual([])
})

test('intake, two consumers and api, each a process: what one takes in, the others store and answer', {
  timeout: 120_000,
}, async () => {
  const { topic, env } = await topics(4)
  const face = await startHttpFace()
  const shared = { ...env, TELLTALE_CLICKHOUSE_URL: face.url }
  const sent = nothingSent()
  const data = join(directory, 'roles')
  await expect(startUp(data, { role: 'consume', env: shared })).rejects.toThrow(/telltale migrate/)
  expect(
    await telltale(['migrate'], { cwd: directory, env: { TELLTALE_CLICKHOUSE_URL: face.url } }),
  ).toMatchObject({ code: 0 })

  const intake = await start(data, { role: 'intake', env })
  const consumers = [
    await start(data, { role: 'consume', env: shared }),
    await start(data, { role: 'consume', env: shared }),
  ]
  const api = await start(data, { role: 'api', env: { TELLTALE_CLICKHOUSE_URL: face.url } })
  await eventually(() => ready(intake), `intake is ready\n${intake.said()}`)
  for (const one of [...consumers, api]) await eventually(() => ready(one), `ready\n${one.said()}`)
  let id = ''
  for (let i = 0; i < 30; i++) {
    const payload = makePayload(20)
    expect(await post(`${intake.otlpUrl}/v1/traces`, payload.body)).toBe(200)
    add(sent, payload.sent)
    id = [...payload.sent.requestIds][0] ?? id
  }
  for (const one of consumers) await caughtUp(one)
  await eventually(
    async () => ((await fetch(`${api.url}/api/v1/requests/${id}`)).ok ? true : undefined),
    `the api answers for ${id}`,
  )
  const offsets = await broker!.admin.fetchTopicOffsets(topic)
  expect(offsets.filter(({ high }) => Number(high) > 0).length).toBeGreaterThan(1)
  for (const one of [intake, ...consumers, api]) expect(await one.stop()).toBe(0)
  expect(await audit(data, sent, face.url)).toEqual([])
  await face.close()
})
