import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { openSender } from '../../../services/transport/kafka/sender.ts'
import { canSign, selfSigned } from '../../access/self-signed.ts'
import { telltale } from '../../cli/run-cli.ts'
import { startBroker } from '../../kafka/broker.ts'
import { NO_BROKER } from '../../kafka/on-broker.ts'
import { kafkaPartitions } from './partitions.ts'

// A broker that lets in over TLS alone, and who has logged in. The last test kills it.

const USER = 'telltale'
const PASSWORD = 's3cret'
const SCRAM = ['scram-sha-256', 'scram-sha-512'] as const
const directory = mkdtempSync(join(tmpdir(), 'telltale-secured-'))
const files = canSign ? selfSigned(directory) : null
const broker = files === null ? null : await startSecured(files)
if (canSign && broker === null && process.env.CI) throw new Error(NO_BROKER)

beforeEach(({ skip }) => {
  skip(!canSign, 'needs openssl')
  skip(broker === null, 'needs Java 17 and Maven, for a Kafka broker with users that log in by SCRAM')
})
afterAll(async () => {
  await broker?.stop()
  rmSync(directory, { recursive: true })
})

function startSecured({ cert, key }: { cert: string; key: string }) {
  const oneLine = (file: string) => readFileSync(file, 'utf8').trim().replaceAll('\n', '\\n')
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;'
  return startBroker(
    {
      'listener.security.protocol.map': 'BROKER:SASL_SSL,CONTROLLER:PLAINTEXT',
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
      'sasl.mechanism.inter.broker.protocol': 'PLAIN',
      'listener.name.broker.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required username="broker" password="own" user_broker="own" user_${USER}="${PASSWORD}";`,
      'listener.name.broker.scram-sha-256.sasl.jaas.config': scram,
      'listener.name.broker.scram-sha-512.sasl.jaas.config': scram,
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.key': oneLine(key),
      'ssl.keystore.certificate.chain': oneLine(cert),
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.certificates': oneLine(cert),
      'auto.create.topics.enable': 'true',
      'num.partitions': 1,
    },
    SCRAM.map((mechanism) => `${mechanism.toUpperCase()}=[name=${USER},password=${PASSWORD}]`),
  )
}

const client = (mechanism: (typeof SCRAM)[number], password: string) => ({
  brokers: broker!.brokers,
  tls: { ca: readFileSync(files!.cert, 'utf8') },
  sasl: { mechanism, user: USER, password },
  notice: () => {},
  topic: mechanism,
})

test.each(SCRAM)(
  '%s: written and read with the password, and not with another',
  {
    timeout: 60_000,
  },
  async (mechanism) => {
    const value = Buffer.from(`by ${mechanism}`)
    const message = { key: Buffer.from('k'), value, headers: {} }
    const sender = openSender(client(mechanism, PASSWORD))
    const wrong = openSender(client(mechanism, 'wrong'))
    const deadline = performance.now() + 30_000
    for (let stored = false; !stored; ) {
      const appended = await sender.append(message)
      stored = appended.status === 'done'
      if (!stored && performance.now() > deadline) throw new Error(sender.stats().problem ?? '')
    }
    expect(await wrong.append(message)).toMatchObject({ status: 'retry' })
    expect(wrong.stats().problem).toMatch(/auth/i)

    const input = kafkaPartitions(client(mechanism, PASSWORD))
    const { source } = await input.partition(0)
    await source.wait(0)
    const [first] = await source.read(0, 1)
    expect(first!.record).toEqual(value)
    for (const one of [sender, wrong, input]) await one.close()
  },
)

test('config --check says which of them is wrong: the password, the mechanism, the certificate, TLS', {
  timeout: 60_000,
}, async () => {
  const good = {
    TELLTALE_PORT: '0',
    TELLTALE_OTLP_PORT: '0',
    TELLTALE_KAFKA_BROKERS: broker!.brokers.join(),
    TELLTALE_KAFKA_TLS: 'true',
    TELLTALE_KAFKA_TLS_CA: files!.cert,
    TELLTALE_KAFKA_SASL_MECHANISM: 'scram-sha-512',
    TELLTALE_KAFKA_SASL_USER: USER,
    TELLTALE_KAFKA_SASL_PASSWORD: PASSWORD,
  }
  const check = async (env: Record<string, string>) => {
    const { code, stdout } = await telltale(['config', '--check', 'intake', '--json'], {
      cwd: directory,
      env,
    })
    const findings = JSON.parse(stdout) as { check: string; status: string; found: string; advice: string }[]
    return { code, kafka: findings.filter((one) => one.check === 'kafka') }
  }
  const { TELLTALE_KAFKA_TLS_CA: _, ...stranger } = good
  const [right, password, unknown, plain] = await Promise.all([
    check(good),
    check({ ...good, TELLTALE_KAFKA_SASL_PASSWORD: 'wrong' }),
    check(stranger),
    check({ ...good, TELLTALE_KAFKA_TLS: 'false' }),
  ])
  expect(right).toMatchObject({
    code: 0,
    kafka: [
      { status: 'ok', found: `${broker!.brokers[0]} answers (TLS, scram-sha-512)` },
      { status: 'warn', found: 'there is no topic otlp_spans' },
    ],
  })
  const failed = (advice: RegExp) => ({
    code: 1,
    kafka: [{ status: 'fail', advice: expect.stringMatching(advice) }],
  })
  expect(password).toMatchObject(failed(/kafka\.sasl_password/))
  expect(JSON.stringify(password)).not.toContain('"wrong"')
  expect(unknown).toMatchObject(failed(/kafka\.tls_ca/))
  expect(plain).toMatchObject(failed(/set kafka\.tls/))
})

test('one that is killed is written to again by itself, over TLS with an authority of its own, and SASL', {
  timeout: 60_000,
}, async () => {
  const message = { key: Buffer.from('k'), value: Buffer.alloc(10, 1), headers: {} }
  const sasl = { mechanism: 'plain', user: USER, password: PASSWORD } as const
  const options = { ...client('scram-sha-256', PASSWORD), topic: 't', sasl, patienceMs: 4_000 }
  const sender = openSender(options)
  const wrong = openSender({ ...options, sasl: { ...sasl, password: 'wrong' } })
  const stranger = openSender({ ...options, tls: {} })
  const until = async (wanted: string) => {
    const deadline = performance.now() + 30_000
    while ((await sender.append(message)).status !== wanted)
      if (performance.now() > deadline) throw new Error(`not ${wanted}: ${sender.stats().problem}`)
  }
  await until('done')
  expect(await wrong.append(message)).toMatchObject({ status: 'retry' })
  expect(wrong.stats().problem).toMatch(/auth/i)
  expect(await stranger.append(message)).toMatchObject({ status: 'retry' })
  await broker!.restart('SIGKILL')
  await until('done')
  expect(sender.stats().problem).toBeNull()
  for (const one of [sender, wrong, stranger]) await one.close()
})
