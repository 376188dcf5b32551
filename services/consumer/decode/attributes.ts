import { LIMIT_HEADERS } from './limit-header.ts'
import { NameTable, type Reading } from './name-table.ts'

// Which attributes say what: data, not code. The first name of a meaning is the one our hook writes; of several
// found on a span the earliest in the list wins, of the same name twice the last. A value that cannot be read as
// its meaning needs (empty, a list where a number stands …) counts as absent.

interface MeaningSpec {
  reads: Reading
  names: readonly string[]
  /** Largest number that makes sense. */
  max?: number
}

const RESPONSE = 'http.response.header.'
const U16 = 0xffff
/** One less would do: all bits set means null in the column. */
const MAX_MS = 0xffff_fffe

const SPAN_MEANINGS = {
  code: { reads: 'text', names: ['api.error.code', 'error.code', 'app.error.code', 'exception.code'] },
  rpcStatus: { reads: 'text', names: ['rpc.response.status_code'] },
  grpcStatus: { reads: 'number', names: ['rpc.grpc.status_code'], max: U16 },
  errorType: { reads: 'text', names: ['error.type'] },
  provider: { reads: 'text', names: ['api.provider'] },
  requestId: {
    reads: 'each',
    names: [
      'api.request_id',
      `${RESPONSE}x-request-id`,
      'http.request.header.x-request-id',
      'aws.request_id',
      'request_id',
      'request.id',
      `${RESPONSE}request-id`,
      `${RESPONSE}x-amzn-requestid`,
      `${RESPONSE}x-correlation-id`,
    ],
  },
  status: { reads: 'number', names: ['http.response.status_code', 'http.status_code'], max: U16 },
  attempt: {
    reads: 'number',
    names: ['http.request.resend_count', 'http.resend_count', 'retry.count', 'api.attempt'],
    max: U16,
  },
  callId: { reads: 'text', names: ['api.call_id'] },
  consumer: { reads: 'text', names: ['api.consumer', 'enduser.id', 'user.id', 'client.id'] },
  retryAfterMs: { reads: 'number', names: ['api.retry_after_ms'], max: MAX_MS },
  retryAfter: { reads: 'text', names: [`${RESPONSE}retry-after`] },
  retryAfterMsHeader: { reads: 'number', names: [`${RESPONSE}retry-after-ms`], max: MAX_MS },
  message: { reads: 'text', names: ['api.error.message'] },
  exceptionMessage: { reads: 'text', names: ['exception.message'] },
  method: { reads: 'text', names: ['http.request.method', 'http.method'] },
  route: { reads: 'text', names: ['http.route', 'url.template'] },
  path: { reads: 'text', names: ['url.path', 'http.target'] },
  host: { reads: 'text', names: ['server.address', 'net.peer.name'] },
  url: { reads: 'text', names: ['url.full', 'http.url'] },
  userAgent: { reads: 'text', names: ['user_agent.original', 'http.user_agent'] },
  limitName: { reads: 'raw', names: ['api.ratelimit.name'] },
  limit: { reads: 'raw', names: ['api.ratelimit.limit'] },
  limitRemaining: { reads: 'raw', names: ['api.ratelimit.remaining'] },
  limitResetMs: { reads: 'raw', names: ['api.ratelimit.reset_ms'] },
  limitHeader: { reads: 'header', names: LIMIT_HEADERS },
} as const satisfies Record<string, MeaningSpec>

const RESOURCE_MEANINGS = {
  service: { reads: 'text', names: ['service.name'] },
  version: { reads: 'text', names: ['service.version'] },
  environment: { reads: 'text', names: ['deployment.environment.name', 'deployment.environment'] },
  language: { reads: 'text', names: ['telemetry.sdk.language'] },
} as const satisfies Record<string, MeaningSpec>

/** Names that mean the same on an exception event as on the span. */
const ON_EXCEPTION = ['exception.code', 'exception.message']
/** The names that make a span of any kind an error event, besides the user's. */
const OURS = ['api.error.code']

const numbered = <Name extends string>(meanings: Record<Name, MeaningSpec>): Record<Name, number> =>
  Object.fromEntries(Object.keys(meanings).map((name, index) => [name, index])) as Record<Name, number>

/** Meaning → its number, the place of its value among the captured ones. */
export const SPAN = Object.freeze(numbered(SPAN_MEANINGS))
export const RESOURCE = Object.freeze(numbered(RESOURCE_MEANINGS))

/** The meanings that a user can name further attributes for, as the configuration calls them. */
const ALIASABLE = {
  code: 'code',
  provider: 'provider',
  request_id: 'requestId',
  status: 'status',
  attempt: 'attempt',
  call_id: 'callId',
  consumer: 'consumer',
  retry_after: 'retryAfter',
  message: 'message',
} as const satisfies Record<string, keyof typeof SPAN_MEANINGS>

export type UserAliases = { [Meaning in keyof typeof ALIASABLE]?: readonly string[] }

export interface AttributeTable {
  span: NameTable
  resource: NameTable
}

/**
 * The table the decoder works with. The user's names come after ours; those of `code` before what only may be a code
 * (an RPC status, `error.type`), and like `api.error.code` they make a span of any kind an error event. Those of
 * `retry_after` hold seconds or a date, as the header does, or milliseconds where the name ends in `ms`.
 */
export function attributeTable(aliases: UserAliases = {}): AttributeTable {
  const added: Partial<Record<keyof typeof SPAN_MEANINGS, readonly string[]>> = {}
  for (const [meaning, names] of Object.entries(aliases) as [keyof typeof ALIASABLE, readonly string[]][])
    added[ALIASABLE[meaning]] = names
  const waits = aliases.retry_after ?? []
  added.retryAfterMs = waits.filter((name) => name.endsWith('ms'))
  added.retryAfter = waits.filter((name) => !name.endsWith('ms'))
  return {
    span: compile(SPAN_MEANINGS, added, [...OURS, ...(added.code ?? [])]),
    resource: compile(RESOURCE_MEANINGS, {}, []),
  }
}

function compile(
  meanings: Record<string, MeaningSpec>,
  added: Record<string, readonly string[] | undefined>,
  ours: readonly string[],
): NameTable {
  const entries = Object.entries(meanings).flatMap(([meaning, { names, reads, max = 0 }], number) =>
    [...new Set([...names, ...(added[meaning] ?? [])])].flatMap((name, rank) =>
      spellings(name).map((written) => ({
        name: written,
        entry: {
          meaning: number,
          rank,
          reads: meaning === 'code' && ours.includes(name) ? ('ours' as const) : reads,
          max,
          onException: ON_EXCEPTION.includes(name),
        },
      })),
    ),
  )
  return new NameTable(entries)
}

/** Instrumentations of before the conventions settled wrote header names with underscores. */
function spellings(name: string): string[] {
  const header = /^(http\.(?:request|response)\.header\.)(.+)$/.exec(name)
  return header === null ? [name] : [...new Set([name, header[1] + header[2]!.replaceAll('-', '_')])]
}
