import { z } from 'zod'
import { readSettings } from './config-file.ts'
import {
  bytes,
  count,
  days,
  flag,
  GiB,
  hasNoCredentials,
  host,
  httpUrl,
  isHttpUrl,
  list,
  MiB,
  port,
  text,
} from './config-values.ts'

// One schema says what can be set, how it is checked, which environment variable sets it and what it is by default.
// A setting is found as flag > environment > file > default. Its flag has its path's name (`otlpPort`, `clickhouse.url`),
// in the file it is written with underscores, as YAML configurations are (`otlp_port`, `limits.body_bytes`).

interface About {
  env?: string
  /** Shown as dots. */
  secret?: true
}
const about = z.registry<About>()

const aliases = () => list(',', 'give the name of a span attribute, or a list of names').default([])
const ORIGIN_HINT = 'give origins like https://status.example: scheme, name and port, and nothing after them'
const CLICKHOUSE_HINT =
  'give the address of the HTTP interface, like http://clickhouse:8123, or several of one server, with commas'
const BROKERS_HINT = 'give brokers like kafka-1:9092,kafka-2:9092'
const SASL_MECHANISMS = ['none', 'plain', 'scram-sha-256', 'scram-sha-512'] as const
const topicName = () =>
  text('give the name of a topic').regex(
    /^[\w.-]{1,200}$/,
    'give the name of a topic: letters, digits, dots, dashes and underscores',
  )
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

const schema = z.object({
  /** Where the embedded store and the journal live. */
  data: text('give a directory').default('./telltale-data').register(about, { env: 'TELLTALE_DATA' }),
  host: host().default('127.0.0.1').register(about, { env: 'TELLTALE_HOST' }),
  /** Serves others than this machine also while there are no tokens. */
  insecure: flag().default(false).register(about, { env: 'TELLTALE_INSECURE' }),
  /** PEM files, for both ports; read again when they change. */
  tls: z.object({
    cert: text('give a PEM file').optional().register(about, { env: 'TELLTALE_TLS_CERT' }),
    key: text('give a PEM file').optional().register(about, { env: 'TELLTALE_TLS_KEY' }),
  }),
  cors: z.object({
    /** Whose pages may ask and send. */
    origins: list(',', ORIGIN_HINT)
      .refine((origins) => origins.every((one) => URL.parse(one)?.origin === one), ORIGIN_HINT)
      .default([])
      .register(about, { env: 'TELLTALE_CORS_ORIGINS' }),
  }),
  port: port().default(8080).register(about, { env: 'TELLTALE_PORT' }),
  otlpPort: port().default(4318).register(about, { env: 'TELLTALE_OTLP_PORT' }),
  /** Sends spans of its own API to itself. */
  self: flag().default(false).register(about, { env: 'TELLTALE_SELF' }),
  /** Where the commands that only ask find a running instance. */
  url: httpUrl('give the address of a running telltale, like http://127.0.0.1:8080')
    .refine(hasNoCredentials, 'leave user and password out of the address; a token has a setting of its own')
    .default('http://127.0.0.1:8080')
    .register(about, { env: 'TELLTALE_URL' }),
  /** What they identify themselves with there. */
  token: text('give a token').optional().register(about, { env: 'TELLTALE_TOKEN', secret: true }),
  /** Without a url, the embedded store. */
  clickhouse: z.object({
    url: list(',', CLICKHOUSE_HINT)
      .refine((urls) => urls.length > 0 && urls.every(isHttpUrl), CLICKHOUSE_HINT)
      .refine(
        (urls) => urls.every(hasNoCredentials),
        'leave user and password out of the address; they have settings of their own',
      )
      .transform((urls) => urls.join(','))
      .optional()
      .register(about, { env: 'TELLTALE_CLICKHOUSE_URL' }),
    /** A PEM file, where the system does not know who signed the server's certificate. */
    ca: text('give a PEM file').optional().register(about, { env: 'TELLTALE_CLICKHOUSE_CA' }),
    database: text('give the name of a database')
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'give a database name of letters, digits and underscores')
      .default('telltale')
      .register(about, { env: 'TELLTALE_CLICKHOUSE_DATABASE' }),
    user: text('give a user name').default('default').register(about, { env: 'TELLTALE_CLICKHOUSE_USER' }),
    password: z
      .string('give the password as text, in quotes')
      .default('')
      .register(about, { env: 'TELLTALE_CLICKHOUSE_PASSWORD', secret: true }),
  }),
  /** Without brokers, what comes in goes through a journal in the data directory. */
  kafka: z.object({
    brokers: list(',', BROKERS_HINT)
      .refine((brokers) => brokers.every((one) => /^[^\s,:]+:\d{1,5}$/.test(one)), BROKERS_HINT)
      .default([])
      .register(about, { env: 'TELLTALE_KAFKA_BROKERS' }),
    topic: topicName().default('otlp_spans').register(about, { env: 'TELLTALE_KAFKA_TOPIC' }),
    group: text('give the name of a group')
      .default('telltale')
      .register(about, { env: 'TELLTALE_KAFKA_GROUP' }),
    /** For what could not be decoded. */
    dlqTopic: topicName()
      .default('telltale_dead_letters')
      .register(about, { env: 'TELLTALE_KAFKA_DLQ_TOPIC' }),
    /** A consumer that is silent for so long has lost its partitions to the others of its group. */
    sessionMs: count(1_000).default(10_000).register(about, { env: 'TELLTALE_KAFKA_SESSION_MS' }),
    tls: flag().default(false).register(about, { env: 'TELLTALE_KAFKA_TLS' }),
    /** PEM, where the brokers' certificates are signed by an authority of one's own. */
    tlsCa: text('give a PEM file').optional().register(about, { env: 'TELLTALE_KAFKA_TLS_CA' }),
    saslMechanism: z
      .enum(SASL_MECHANISMS, `give one of ${SASL_MECHANISMS.join(', ')}`)
      .default('none')
      .register(about, { env: 'TELLTALE_KAFKA_SASL_MECHANISM' }),
    saslUser: z.string('give a user name').default('').register(about, { env: 'TELLTALE_KAFKA_SASL_USER' }),
    saslPassword: z
      .string('give the password as text, in quotes')
      .default('')
      .register(about, { env: 'TELLTALE_KAFKA_SASL_PASSWORD', secret: true }),
  }),
  /** Directories of catalogs; theirs win over the built-in ones, by provider. */
  catalogs: list(':', 'give a directory, or a list of directories')
    .default([])
    .register(about, { env: 'TELLTALE_CATALOGS' }),
  /** Further span attributes to read, by what they mean; ours come first. */
  attributes: z.object({
    code: aliases(),
    provider: aliases(),
    request_id: aliases(),
    status: aliases(),
    attempt: aliases(),
    call_id: aliases(),
    consumer: aliases(),
    retry_after: aliases(),
    message: aliases(),
  }),
  /** Whole days; counts by day are kept for good. */
  retention: z.object({
    /** Rows: errors, attempts, traffic, quota samples and the index of request ids. */
    errors: days().default(30),
    tenSeconds: days().default(1),
    minutes: days().default(30),
    hours: days().default(396), // 13 months: a year and the same month again
    /** Of all tables; beyond it the oldest days of rows go, whatever their age. */
    diskBytes: bytes(64, '50GiB').optional().register(about, { env: 'TELLTALE_RETENTION_DISK' }),
  }),
  limits: z.object({
    /** Of a request's body, also after decompression. */
    bodyBytes: bytes(1, '20MiB').default(20 * MiB),
    /** Of all bodies that are being received; beyond it answers 503. */
    inFlightBytes: bytes(1, '128MiB').default(128 * MiB),
    attributesPerSpan: count(16).default(10_000),
    /** Of the API in a minute, for each token, and for each address without one; beyond it answers 429. */
    requests: count(1).default(30_000),
    /** Likewise of OTLP: more than one process takes at all, so that none is kept from sending by accident. */
    otlpRequests: count(1).default(300_000),
    /** Distinct values per column and block; the rest become _OTHER. */
    cardinality: count(100).default(10_000),
    /** Answers 503 beyond it, until the store has caught up. */
    journalBytes: bytes(64, '1GiB').default(GiB),
    /** Of the disk, left to the store; answers 503 while less is free. By default it follows from the disk's size. */
    diskReserveBytes: bytes(16, '128MiB').optional(),
    /** What the embedded engine may take. */
    memoryBytes: bytes(256, '1GiB').default(GiB),
  }),
  logLevel: z
    .enum(LOG_LEVELS, `give one of ${LOG_LEVELS.join(', ')}`)
    .default('info')
    .register(about, { env: 'TELLTALE_LOG_LEVEL' }),
})

export type Config = z.output<typeof schema>

export interface LoadedConfig {
  /** Complete; a setting with a problem has its default here, so check `problems` before using it. */
  config: Config
  /** Where each value came from, by path: "flag", the variable's name, the file's name or "default". */
  sources: Record<string, string>
  /** What to change, a sentence each; empty when all is well. */
  problems: string[]
}

const DEFAULT_FILE = 'telltale.yaml'

export function loadConfig(
  from: { flags?: Record<string, unknown>; env?: NodeJS.ProcessEnv; file?: string } = {},
): LoadedConfig {
  const { flags = {}, env = process.env } = from
  const file = from.file ?? DEFAULT_FILE
  const problems: string[] = []
  const sources: Record<string, string> = {}
  const written = readSettings(file, from.file !== undefined, problems)

  const values = SETTINGS.map(({ path, leaf, variable }) => {
    const found = [
      { source: 'flag', value: flags[path], name: `--${path.replace(/[A-Z.]/g, dashed)}` },
      { source: variable, value: (variable && env[variable]) || undefined, name: variable },
      { source: file, value: written.get(fileName(path)) ?? undefined, name: `${fileName(path)} in ${file}` },
    ].find(({ value }) => value !== undefined)
    written.delete(fileName(path))
    const parsed = leaf.safeParse(found?.value)
    sources[path] = (parsed.success && found?.source) || 'default'
    if (parsed.success) return [path, parsed.data] as const
    const shown = about.get(leaf)?.secret ? '' : ` is ${withoutCredentials(JSON.stringify(found?.value))}`
    problems.push(`${found?.name}${shown}: ${parsed.error.issues[0].message}`)
    return [path, leaf.parse(undefined)] as const
  })
  for (const name of written.keys()) {
    problems.push(`${name} in ${file} is no setting; there are: ${neighboursOf(name).join(', ')}`)
  }

  const config = schema.parse(nest(values))
  if (config.port !== 0 && config.port === config.otlpPort) {
    problems.push(`port and otlpPort are both ${config.port}: give each its own`)
  }
  if ((config.kafka.saslMechanism === 'none') !== (config.kafka.saslUser === ''))
    problems.push('kafka.sasl_mechanism and kafka.sasl_user go together: give both, or neither')
  const { cert, key } = config.tls
  if ((cert === undefined) !== (key === undefined))
    problems.push(
      `${cert === undefined ? 'tls.cert' : 'tls.key'} is missing: TLS takes a certificate and its key`,
    )
  return { config, sources, problems }
}

/** Every setting with its value and origin, fit to be shown: secrets are dots. */
export function describeConfig({ config, sources }: LoadedConfig) {
  return SETTINGS.map(({ path, leaf }) => {
    const value = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], config)
    const hidden = about.get(leaf)?.secret && value
    return { name: fileName(path), value: hidden ? '••••••' : value, source: sources[path] }
  })
}

interface Setting {
  path: string
  leaf: z.ZodType
  variable?: string
}
const SETTINGS = settingsOf(schema, '')

function settingsOf(section: z.ZodObject, prefix: string): Setting[] {
  return Object.entries(section.shape).flatMap(([key, leaf]) =>
    leaf instanceof z.ZodObject
      ? settingsOf(leaf, `${prefix}${key}.`)
      : { path: prefix + key, leaf, variable: about.get(leaf)?.env },
  )
}

/** The settings of the section that a misspelt name points at, or the sections. */
function neighboursOf(name: string): string[] {
  const section = name.split('.')[0]
  const names = SETTINGS.map(({ path }) => fileName(path))
  const beside = names.filter((other) => other.startsWith(`${section}.`))
  return beside.length > 0 ? beside : [...new Set(names.map((other) => other.split('.')[0]))]
}

const withoutCredentials = (value: string) => value.replace(/\/\/[^/@"]*@/g, '//…@')
const dashed = (character: string) => (character === '.' ? '-' : `-${character.toLowerCase()}`)
const fileName = (path: string) => path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** {a.b: 1} → {a: {b: 1}}, shaped for the schema. */
function nest(values: (readonly [path: string, value: unknown])[]): unknown {
  const root: Record<string, unknown> = {}
  for (const [path, value] of values) {
    const keys = path.split('.')
    const last = keys.pop() as string
    let at = root
    for (const key of keys) {
      at[key] ??= {}
      at = at[key] as Record<string, unknown>
    }
    at[last] = value
  }
  return root
}
