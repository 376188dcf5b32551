import type { Admin } from 'kafkajs'
import type { Role } from '../../composition/role.ts'
import type { Config } from '../../config.ts'
import { errorOf } from '../../contract/thrown.ts'
import type { ClientOptions } from '../../transport/kafka/client.ts'
import { counted } from '../text/numbers.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

/** Each broker by itself, then what is asked of all of them: the topic, and for consumers the group. */
export async function checkKafka({ kafka }: Config, role: Role): Promise<Finding[]> {
  const { brokers } = kafka
  // Here, not above: who has no Kafka need not wait for its client.
  const { createClient } = await import('../../transport/kafka/client.ts')
  const { clientOptions } = await import('../../transport/kafka/settings.ts')
  let options: ClientOptions
  try {
    options = await clientOptions(kafka, () => {})
  } catch (thrown) {
    return [fail('kafka', `kafka.tls_ca: ${errorOf(thrown).message}`, 'Name a PEM file that can be read.')]
  }
  const findings: Finding[] = []
  const tried = new Set<string>()

  /** Whom the cluster names as its members, for clients go there; none where this one cannot be used. */
  async function tryBroker(broker: string, named: string): Promise<string[]> {
    tried.add(broker)
    const admin = createClient({ ...options, brokers: [broker] }).admin({ retry: { retries: 0 } })
    try {
      await admin.connect()
      const { brokers: members } = await admin.describeCluster()
      findings.push(ok('kafka', `${broker} answers${secured(options)}`))
      return members.map(({ host, port }) => `${host}:${port}`)
    } catch (thrown) {
      const error = innermost(errorOf(thrown))
      findings.push(fail('kafka', `${broker}${named}: ${error.message}`, adviceOn(error, options)))
      return []
    } finally {
      await admin.disconnect().catch(() => {})
    }
  }

  const members = new Set<string>()
  for (const broker of brokers) for (const member of await tryBroker(broker, '')) members.add(member)
  for (const member of members)
    if (!tried.has(member)) await tryBroker(member, ', as the brokers call one of themselves')
  const answering = findings.some(({ status }) => status === 'ok')
  if (!answering) return findings
  const admin = createClient(options).admin({ retry: { retries: 1 } })
  try {
    await admin.connect()
    findings.push(await checkTopic(admin, kafka.topic))
    if (role === 'up' || role === 'consume') findings.push(await checkGroup(admin, kafka.group))
  } catch (thrown) {
    const error = innermost(errorOf(thrown))
    findings.push(fail('kafka', error.message, adviceOn(error, options)))
  } finally {
    await admin.disconnect().catch(() => {})
  }
  return findings
}

async function checkTopic(admin: Admin, topic: string): Promise<Finding> {
  if (!(await admin.listTopics()).includes(topic))
    return warn(
      'kafka',
      `there is no topic ${topic}`,
      'Create it, with as many partitions as there may be consumers, or set kafka.topic. Intake makes it with the broker’s defaults, where it may.',
    )
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  return ok('kafka', `${topic} has ${counted(topics[0]?.partitions.length ?? 0, 'partition')}`)
}

/** Of no topic: there may be none yet, which has been said. */
const checkGroup = (admin: Admin, groupId: string): Promise<Finding> =>
  admin.fetchOffsets({ groupId, topics: [] }).then(
    () => ok('kafka', `the group ${groupId} may be asked for its offsets`),
    (thrown) =>
      fail(
        'kafka',
        `the group ${groupId}: ${innermost(errorOf(thrown)).message}`,
        'Allow this user to read and describe the group, or set kafka.group.',
      ),
  )

const secured = ({ tls, sasl }: ClientOptions): string => {
  const how = [tls === null ? '' : 'TLS', sasl === null ? '' : sasl.mechanism].filter(Boolean)
  return how.length === 0 ? '' : ` (${how.join(', ')})`
}

interface KafkaError extends Error {
  code?: string
  originalError?: unknown
}

/** kafkajs wraps what went wrong in what it did about it. */
function innermost(error: KafkaError): KafkaError {
  const inner = error.originalError ?? error.cause
  return inner instanceof Error ? innermost(inner) : error
}

/** By what kafkajs calls it and by Node's codes; its texts only where there is neither. */
function adviceOn(error: KafkaError, { tls, sasl }: ClientOptions): string {
  if (error.name.startsWith('KafkaJSSASL'))
    return sasl === null
      ? 'The brokers want SASL: set kafka.sasl_mechanism, kafka.sasl_user and kafka.sasl_password.'
      : 'Look at kafka.sasl_mechanism, kafka.sasl_user and kafka.sasl_password.'
  if (/certificate|altnames/i.test(error.message))
    return 'Name the PEM file of who signed the brokers’ certificates in kafka.tls_ca, and address brokers by the names in them.'
  if (tls !== null && /SSL|TLS|EPROTO|wrong version/i.test(`${error.code} ${error.message}`))
    return 'That port speaks no TLS: name the one that does, or leave kafka.tls out.'
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|timeout/i.test(`${error.code} ${error.message}`))
    return 'Start that broker, or correct the address in kafka.brokers; names must resolve on this machine.'
  return tls === null
    ? 'It answers, but not as expected: if that port speaks TLS, set kafka.tls; if it wants SASL, kafka.sasl_mechanism.'
    : 'It answers, but not as expected: look at the TLS and SASL settings, and at the broker’s log.'
}
