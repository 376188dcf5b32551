// What the views of the schema make of the base tables, once more as something that can be compared and rebuilt for
// one day. A test holds both against each other.

export interface Derived {
  table: string
  /** Days are its partitions: then a day can be replaced in one step. */
  byDay: boolean
  /**
   * How much the table holds of a day, and how much its base says it must: a column for each base table, for what one
   * insert lost must not be evened out by what another one doubled.
   */
  holds: string
  must: string
  /** The day's rows, from the base tables. */
  columns: string
  select: string
}

const DAY = 'toDate({day:String})'
const ERROR_KEY = 'provider, code, status, retry, retryable, standing, class, side, service, environment'
const TRAFFIC_KEY = 'provider, service, side, route, status_class, environment'
const CALLS = 'calls, errors, retries, logical_calls'

const STEPS = [
  ['10s', (ts: string) => `toDateTime(intDiv(toUnixTimestamp(${ts}), 10) * 10, 'UTC')`],
  ['minute', (ts: string) => `toDateTime(toStartOfMinute(${ts}), 'UTC')`],
  ['hour', (ts: string) => `toDateTime(toStartOfHour(${ts}), 'UTC')`],
  ['day', (ts: string) => `toDate(${ts})`],
] as const

const countOf = (table: string) => `SELECT sum(count) AS n FROM ${table} WHERE toDate(ts) = ${DAY}`
const ERRORS_OF_DAY = `SELECT count() AS n FROM errors WHERE toDate(ts) = ${DAY}`

const errorRollups: Derived[] = STEPS.map(([step, floor]) => ({
  table: `errors_by_${step}`,
  byDay: step !== 'day',
  holds: countOf(`errors_by_${step}`),
  must: ERRORS_OF_DAY,
  columns: `ts, ${ERROR_KEY}, count`,
  select: `SELECT ${floor('errors.ts')} AS bucket, ${ERROR_KEY}, count() FROM errors WHERE toDate(errors.ts) = ${DAY} GROUP BY bucket, ${ERROR_KEY}`,
}))

const trafficRollups: Derived[] = STEPS.map(([step, floor]) => ({
  table: `traffic_by_${step}`,
  byDay: step !== 'day',
  holds: `SELECT sum(calls) AS n FROM traffic_by_${step} WHERE toDate(ts) = ${DAY}`,
  must: `SELECT sum(calls) AS n FROM traffic WHERE toDate(ts) = ${DAY}`,
  columns: `ts, ${TRAFFIC_KEY}, ${CALLS}`,
  select: `SELECT ${floor('t.ts')} AS bucket, ${TRAFFIC_KEY}, sum(t.calls), sum(t.errors), sum(t.retries), sum(t.logical_calls) FROM traffic AS t WHERE toDate(t.ts) = ${DAY} GROUP BY bucket, ${TRAFFIC_KEY}`,
}))

const NO_TRACE = "toFixedString('', 16)"
const idsOf = (table: string) =>
  `SELECT sum((request_id != '') + (trace_id != ${NO_TRACE}) + (call_id != '') + if(other_request_ids = '', 0, 1 + countSubstrings(other_request_ids, '\\n'))) AS n FROM ${table} WHERE toDate(ts) = ${DAY}`
const idRows = (table: string) =>
  `SELECT bitShiftRight(id, 24), toDateTime(${table}.ts, 'UTC'), '${table}' FROM ${table} ARRAY JOIN arrayFilter(x -> x != 0, arrayConcat([if(request_id = '', 0, sipHash64(request_id)), if(trace_id = ${NO_TRACE}, 0, sipHash64(trace_id)), if(call_id = '', 0, sipHash64(call_id))], if(other_request_ids = '', [], arrayMap(x -> sipHash64(x), splitByChar('\\n', other_request_ids))))) AS id WHERE toDate(${table}.ts) = ${DAY}`

const SEEN =
  'min(errors.ts), max(errors.ts), argMinState(service, errors.ts), argMinState(service_version, errors.ts)'
const SEEN_COLUMNS = 'first_seen, last_seen, first_service, first_version'

export const DERIVED: Derived[] = [
  ...errorRollups,
  ...trafficRollups,
  {
    table: 'requests',
    byDay: true,
    holds: `SELECT countIf(source = 'errors') AS n, countIf(source = 'attempts') AS of_attempts FROM requests WHERE toDate(ts) = ${DAY}`,
    must: `SELECT (${idsOf('errors')}) AS n, (${idsOf('attempts')}) AS of_attempts`,
    columns: 'h, ts, source',
    select: `${idRows('errors')} UNION ALL ${idRows('attempts')}`,
  },
  {
    table: 'codes_by_hour',
    byDay: true,
    holds: countOf('codes_by_hour'),
    must: ERRORS_OF_DAY,
    columns: `ts, provider, code, status, side, count, ${SEEN_COLUMNS}, requests, consumers`,
    select: `SELECT toDateTime(toStartOfHour(errors.ts), 'UTC') AS bucket, provider, code, status, side, count(), ${SEEN}, uniqExactIf(request_id, request_id != ''), uniqHLL12IfState(consumer, consumer != '') FROM errors WHERE toDate(errors.ts) = ${DAY} GROUP BY bucket, provider, code, status, side`,
  },
  {
    table: 'codes',
    byDay: false,
    holds: countOf('codes'),
    must: ERRORS_OF_DAY,
    columns: `ts, provider, code, side, count, ${SEEN_COLUMNS}`,
    select: `SELECT toDate(errors.ts) AS bucket, provider, code, side, count(), ${SEEN} FROM errors WHERE toDate(errors.ts) = ${DAY} GROUP BY bucket, provider, code, side`,
  },
]
