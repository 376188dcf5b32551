import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Finding } from '../../services/cli/doctor/finding.ts'
import { NO_BROKER, onBroker } from '../kafka/on-broker.ts'
import { startHttpFace } from '../store/http-face.ts'
import { telltale } from './run-cli.ts'

const broker = await onBroker()
const face = await startHttpFace()
const cwd = mkdtempSync(join(tmpdir(), 'telltale-check-'))
afterAll(async () => {
  await broker?.close()
  await face.close()
  rmSync(cwd, { recursive: true })
})

async function check(role: string, env: Record<string, string>) {
  const ports = { TELLTALE_PORT: '0', TELLTALE_OTLP_PORT: '0' }
  const { code, stdout } = await telltale(['config', '--check', role, '--json'], {
    cwd,
    env: { ...ports, ...env },
  })
  const findings: Finding[] = JSON.parse(stdout)
  for (const { status, advice } of findings) expect(advice === null).toBe(status === 'ok')
  return { code, findings, of: (name: string) => findings.filter((one) => one.check === name) }
}

test('up with nothing set: all of it is fine, and nothing is made', async () => {
  const { code, findings } = await check('up', {})
  expect([code, findings.map(({ check: name, status }) => `${name} ${status}`)]).toEqual([
    0,
    ['configuration ok', 'catalogs ok', 'disk ok', 'ports ok', 'store ok', 'access ok'],
  ])
  const text = await telltale(['config', '--check', 'nobody'], { cwd })
  expect([text.code, text.stderr]).toEqual([2, expect.stringContaining('up, intake, consume, api')])
})

test('each broker and each address of the store by itself; what is missing says what to do', {
  timeout: 60_000,
}, async ({ skip }) => {
  skip(broker === null, NO_BROKER)
  const topic = await broker!.topic(3)
  const good = {
    TELLTALE_KAFKA_BROKERS: broker!.brokers.join(),
    TELLTALE_KAFKA_TOPIC: topic,
    TELLTALE_CLICKHOUSE_URL: face.url,
  }
  const empty = await check('consume', good)
  expect(empty.code).toBe(1)
  expect(empty.of('store')[0]).toMatchObject({ status: 'fail', advice: expect.stringMatching(/migrate/) })
  expect(empty.of('disk')).toEqual([])
  await telltale(['migrate'], { cwd, env: good })
  const [consume, api, intake, some] = await Promise.all([
    check('consume', good),
    check('api', good),
    check('intake', good),
    check('consume', {
      ...good,
      TELLTALE_KAFKA_BROKERS: `${good.TELLTALE_KAFKA_BROKERS},127.0.0.1:1`,
      TELLTALE_CLICKHOUSE_URL: `${face.url},http://127.0.0.1:1`,
    }),
  ])
  expect([consume.code, consume.of('kafka').map(({ found }) => found)]).toEqual([
    0,
    [
      `${broker!.brokers[0]} answers`,
      `${topic} has 3 partitions`,
      'the group telltale may be asked for its offsets',
    ],
  ])
  expect([api.code, api.of('kafka'), api.of('store')[0]!.status]).toEqual([0, [], 'ok'])
  expect([intake.code, intake.of('kafka').length]).toEqual([0, 2])
  expect(some.code).toBe(1)
  expect(some.of('kafka').map(({ status }) => status)).toEqual(['ok', 'fail', 'ok', 'ok'])
  expect(some.of('clickhouse').map(({ status }) => status)).toEqual(['ok', 'fail'])
})

test('a broker without topics yet: the topic is missing, and nothing else is wrong for it', async ({
  skip,
}) => {
  skip(broker === null, NO_BROKER)
  const fresh = {
    TELLTALE_KAFKA_BROKERS: broker!.brokers.join(),
    TELLTALE_KAFKA_TOPIC: 'not-made-yet',
    TELLTALE_KAFKA_DLQ_TOPIC: 'letters-not-made-yet',
    TELLTALE_CLICKHOUSE_URL: face.url,
  }
  const found = (await check('consume', fresh)).of('kafka').map(({ status, found }) => `${status} ${found}`)
  expect(found).toEqual([
    `ok ${broker!.brokers[0]} answers`,
    'warn there is no topic not-made-yet',
    'ok the group telltale may be asked for its offsets',
  ])
  expect(await telltale(['replay', 'list'], { cwd, env: fresh })).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/there is no topic letters-not-made-yet: nothing was put aside yet/),
  })
})

test('all that is wrong at once: exit 1', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  writeFileSync(join(cwd, 'file'), '')
  const wrong = await check('up', {
    TELLTALE_PORT: String((taken.address() as AddressInfo).port),
    TELLTALE_DATA: join(cwd, 'file'),
    TELLTALE_TLS_CERT: join(cwd, 'none.pem'),
    TELLTALE_TLS_KEY: join(cwd, 'none.pem'),
    TELLTALE_LOG_LEVEL: 'loud',
  })
  taken.close()
  const failed = wrong.findings.filter(({ status }) => status === 'fail').map(({ check: name }) => name)
  expect([wrong.code, failed]).toEqual([1, ['configuration', 'disk', 'ports', 'access']])
  const alone = await check('consume', {})
  expect([alone.code, alone.of('role')[0]!.found]).toEqual([1, expect.stringMatching(/needs Kafka/)])
  const open = await check('intake', { TELLTALE_HOST: '0.0.0.0', TELLTALE_KAFKA_BROKERS: '127.0.0.1:1' })
  expect(open.of('access')[0]!.found).toMatch(/can be reached from other machines/)
  const away = await check('api', { TELLTALE_CLICKHOUSE_URL: 'http://127.0.0.1:1' })
  expect(away.of('access').map(({ status, found }) => `${status} ${found}`)).toEqual([
    expect.stringMatching(/^warn .*cannot be told/),
  ])
})
