import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSender } from '../../../services/transport/kafka/sender.ts'
import { canSign, selfSigned } from '../../access/self-signed.ts'
import { startBroker } from '../../kafka/broker.ts'
import { NO_BROKER } from '../../kafka/on-broker.ts'

const message = (size: number) => ({ key: Buffer.from('k'), value: Buffer.alloc(size, 1), headers: {} })
const client = { tls: null, sasl: null, notice: () => {}, topic: 't' }

test('without a broker nothing is taken, and what waits is bounded', async () => {
  const sender = openSender({
    ...client,
    brokers: ['127.0.0.1:9'],
    patienceMs: 300,
    maxPendingBytes: 1_000,
  })
  const waiting = sender.append(message(600))
  expect(await sender.append(message(600))).toMatchObject({ error: { message: /too much is waiting/ } })
  expect(await waiting).toMatchObject({ status: 'retry' })
  // Who comes right after a failure does not wait for the next one.
  expect(await sender.append(message(10))).toMatchObject({ status: 'retry' })
  expect(sender.stats()).toMatchObject({ failures: 1, messages: 0, pendingBytes: 0 })
  expect(sender.stats().problem).not.toBeNull()
  await sender.close()
  expect(await sender.append(message(10))).toMatchObject({ status: 'retry' })
})

test('a broker that is killed is written to again by itself; TLS with an authority of its own, and SASL', {
  timeout: 60_000,
}, async ({ skip }) => {
  skip(!canSign, 'needs openssl')
  const directory = mkdtempSync(join(tmpdir(), 'telltale-tls-'))
  const { cert, key } = selfSigned(directory)
  const oneLine = (file: string) => readFileSync(file, 'utf8').trim().replaceAll('\n', '\\n')
  const login = (more: string) =>
    `org.apache.kafka.common.security.plain.PlainLoginModule required username="telltale" password="s3cret" ${more};`
  const broker = await startBroker({
    'listener.security.protocol.map': 'BROKER:SASL_SSL,CONTROLLER:PLAINTEXT',
    'sasl.enabled.mechanisms': 'PLAIN',
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    'listener.name.broker.plain.sasl.jaas.config': login('user_telltale="s3cret"'),
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.key': oneLine(key),
    'ssl.keystore.certificate.chain': oneLine(cert),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.certificates': oneLine(cert),
    'auto.create.topics.enable': 'true',
    'num.partitions': 1,
  })
  if (broker === null && process.env.CI) throw new Error(NO_BROKER)
  skip(broker === null, NO_BROKER)
  const options = {
    ...client,
    brokers: broker!.brokers,
    tls: { ca: readFileSync(cert, 'utf8') },
    patienceMs: 4_000,
  }
  const user = { mechanism: 'plain' as const, user: 'telltale' }
  const sender = openSender({ ...options, sasl: { ...user, password: 's3cret' } })
  const wrong = openSender({ ...options, sasl: { ...user, password: 'wrong' } })
  const stranger = openSender({ ...options, tls: {}, sasl: { ...user, password: 's3cret' } })
  const until = async (wanted: string) => {
    const deadline = performance.now() + 30_000
    while ((await sender.append(message(10))).status !== wanted)
      if (performance.now() > deadline) throw new Error(`not ${wanted}: ${sender.stats().problem}`)
  }
  await until('done')
  expect(await wrong.append(message(10))).toMatchObject({ status: 'retry' })
  expect(wrong.stats().problem).toMatch(/auth/i)
  expect(await stranger.append(message(10))).toMatchObject({ status: 'retry' })
  await broker!.restart('SIGKILL')
  await until('done')
  expect(sender.stats().problem).toBeNull()
  for (const one of [sender, wrong, stranger]) await one.close()
  await broker!.stop()
  rmSync(directory, { recursive: true })
})
