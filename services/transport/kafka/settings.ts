import { readFile } from 'node:fs/promises'
import type { Config } from '../../config.ts'
import type { Notice } from '../../contract/notice.ts'
import type { ClientOptions } from './client.ts'

/** How the brokers are reached, as the configuration says it. */
export async function clientOptions(kafka: Config['kafka'], notice: Notice): Promise<ClientOptions> {
  const { brokers, tls, tlsCa, saslMechanism: mechanism, saslUser: user, saslPassword: password } = kafka
  return {
    brokers,
    tls: tls ? { ca: tlsCa === undefined ? undefined : await readFile(tlsCa, 'utf8') } : null,
    sasl: mechanism === 'none' ? null : { mechanism, user, password },
    notice,
  }
}
