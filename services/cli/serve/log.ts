import { type DestinationStream, destination, pino, stdSerializers } from 'pino'
import type { Config } from '../../config.ts'
import { withoutTokens } from '../../contract/token-text.ts'

// The log: a line of JSON each, made to be read by a program first. What is logged may quote others (an error of the
// store, an address), so every line loses what looks like a secret, wherever in it that stands.

const AUTHORIZATION = /\b(Bearer|Basic|Digest) +[^\s"'\\,;]+/gi
/** user:password@ of an address. */
const CREDENTIALS = /:\/\/[^\s/"'\\@]{1,512}@/g
/** In JSON (also in JSON within a text), in a query, in a header: a name that announces a secret, and its value. */
const NAMED =
  /((?:authorization|cookie|password|passwd|secret|token|api[-_]?key)(?:\\*["'])?\s{0,4}[:=]\s{0,4}(?:\\*["'])?)[^\s"'\\&,;}]+/gi

/** What is shorter could be any word. */
const SHORTEST_SECRET = 6

export const toStderr = (): DestinationStream => destination({ dest: 2, sync: true })

/** `to`: where lines go. */
export function createLog(
  {
    logLevel,
    token,
    clickhouse,
    kafka,
  }: Pick<Config, 'logLevel' | 'token' | 'clickhouse'> & { kafka: Pick<Config['kafka'], 'saslPassword'> },
  to: DestinationStream,
) {
  const known = [token, clickhouse.password, kafka.saslPassword].filter(
    (one) => one !== undefined && one.length >= SHORTEST_SECRET,
  )
  const withoutSecrets = (line: string): string =>
    withoutTokens(
      known.reduce<string>((rest, secret) => rest.replaceAll(JSON.stringify(secret).slice(1, -1), '…'), line),
    )
      .replace(AUTHORIZATION, '$1 …')
      .replace(CREDENTIALS, '://…@')
      .replace(NAMED, '$1…')
  return pino(
    {
      level: logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      serializers: { err: stdSerializers.err, error: stdSerializers.err },
      hooks: { streamWrite: withoutSecrets },
    },
    to,
  )
}
