import type { Client } from '../../services/store/client.ts'

// Rows put into the real store as the consumer would have put them there; every column has a plain default.

type Value = string | number | boolean | null
const literal = (value: Value): string =>
  typeof value === 'string'
    ? `'${value.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n').replace(/\0/g, '\\0')}'`
    : String(value)

const SHARED = {
  provider: 'session-api',
  status: 429,
  side: 'client',
  service: 'checkout',
  service_version: '4.2.1',
  environment: 'production',
  route: '/v1/sessions/{id}',
  method: 'POST',
  server_address: 'api.session.example',
  request_id: '',
  other_request_ids: '',
  trace_id: '',
  span_id: 'b7ad6b7169203331',
  parent_span_id: '',
  call_id: '',
  attempt: 0,
  consumer: 'acme',
  sdk: 'nodejs',
  duration_ms: 121.5,
  origin: 'test',
}
const DEFAULTS = {
  errors: {
    ...SHARED,
    code: 'RATE_LIMIT_EXCEEDED',
    retry: 'after_wait',
    retryable: true,
    standing: 'known',
    class: 'rate_limit',
    kind: 'client',
    retry_after_ms: null,
    message: '',
  },
  attempts: { ...SHARED, status: 200 },
  traffic: {
    provider: 'session-api',
    service: 'checkout',
    environment: 'production',
    side: 'client',
    route: '/v1/sessions/{id}',
    status_class: '2xx',
    calls: 1,
    errors: 0,
    retries: 0,
    logical_calls: 1,
    origin: 'test',
  },
  quota_samples: {
    provider: 'session-api',
    name: 'requests',
    service: 'checkout',
    environment: 'production',
    consumer: '',
    limit: 1000,
    remaining: 12,
    reset: null,
    origin: 'test',
  },
}
type Table = keyof typeof DEFAULTS
/** `ts` is Unix milliseconds; ids are hex. */
export type Row<Name extends Table = 'errors'> = { ts: number } & Partial<
  Record<keyof (typeof DEFAULTS)[Name], Value>
>

const HEX: Record<string, number> = { trace_id: 16, span_id: 8, parent_span_id: 8 }

let offset = 0

export async function store<Name extends Table>(
  client: Client,
  table: Name,
  rows: Row<Name>[],
): Promise<void> {
  const names = ['ts', ...Object.keys(DEFAULTS[table]), 'origin_offset']
  const values = rows.map((row) => {
    const whole: Record<string, Value> = { ...DEFAULTS[table], ...row, origin_offset: offset++ }
    return `(${names.map((name) => cell(table, name, whole[name])).join(', ')})`
  })
  await client.command(
    `INSERT INTO ${table} (${names.map((name) => `\`${name}\``).join(', ')}) VALUES ${values.join(', ')}`,
  )
}

function cell(table: Table, name: string, value: Value): string {
  if (table === 'traffic' && name === 'ts')
    return `toDateTime(${Math.floor(Number(value) / 10_000) * 10}, 'UTC')`
  if (name === 'ts') return `fromUnixTimestamp64Milli(${value}, 'UTC')`
  if (name === 'reset' && value !== null) return `fromUnixTimestamp64Milli(${value}, 'UTC')`
  if (name in HEX) return `toFixedString(unhex(${literal(value)}), ${HEX[name]})`
  return literal(value)
}
