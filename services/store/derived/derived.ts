// What the views of the schema make of the base tables, once more as something that can be compared and rebuilt for
// one day. A test holds both against each other.

export interface Derived {
  table: string
  /** What it is made from; the first is the one whose days it must have. */
  bases: readonly ['errors' | 'traffic', ...string[]]
  /** Days are its partitions, else months are. */
  byDay: boolean
  /**
   * How much the table holds of each day, and how much its base says it must, as `day` (since 1970), `n` and, where
   * two base tables feed it, `of_attempts`: what one insert lost must not be evened out by what another one doubled.
   */
  holds: (dates: string) => string
  must: (dates: string) => string
  /** A day's rows, from the base tables. */
  columns: string
  select: (date: string) => string
}

const perDay = (amounts: string) => (table: string) => (dates: string) =>
  `SELECT toInt32(toDate(ts)) AS day, ${amounts} FROM ${table} WHERE toDate(ts) IN (${dates}) GROUP BY day`
const counted = perDay('sum(count) AS n')
const called = perDay('sum(calls) AS n')
// Erased errors are in the rollups still: what they counted for is kept beside the rows that are left.
const ERRORS = ['errors', 'errors_erased'] as const
const rowsOfErrors = (dates: string) =>
  `SELECT day, sum(rows) AS n FROM (${perDay('count() AS rows')('errors')(dates)} UNION ALL ${perDay('sum(count) AS rows')('errors_erased')(dates)}) GROUP BY day`

export const ERROR_KEY =
  'provider, code, status, retry, retryable, standing, class, side, service, environment'
const TRAFFIC_KEY = 'provider, service, side, route, status_class, environment'
const CALLS = 'calls, errors, retries, logical_calls'

export const tenSeconds = (ts: string) => `toDateTime(intDiv(toUnixTimestamp(${ts}), 10) * 10, 'UTC')`
const STEPS = [
  ['10s', tenSeconds],
  ['minute', (ts: string) => `toDateTime(toStartOfMinute(${ts}), 'UTC')`],
  ['hour', (ts: string) => `toDateTime(toStartOfHour(${ts}), 'UTC')`],
  ['day', (ts: string) => `toDate(${ts})`],
] as const

const countsOfErrors = (floor: (ts: string) => string, key: string) => (date: string) =>
  ['errors', 'errors_erased']
    .map(
      (table) =>
        `SELECT ${floor(`${table}.ts`)} AS bucket, ${key}, ${table === 'errors' ? 'count()' : 'sum(count)'} FROM ${table} WHERE toDate(${table}.ts) = ${date} GROUP BY bucket, ${key}`,
    )
    .join(' UNION ALL ')

const errorRollups: Derived[] = STEPS.map(([step, floor]) => ({
  table: `errors_by_${step}`,
  bases: ERRORS,
  byDay: step !== 'day',
  holds: counted(`errors_by_${step}`),
  must: rowsOfErrors,
  columns: `ts, ${ERROR_KEY}, count`,
  select: countsOfErrors(floor, ERROR_KEY),
}))

const trafficRollups: Derived[] = STEPS.map(([step, floor]) => ({
  table: `traffic_by_${step}`,
  bases: ['traffic'],
  byDay: step !== 'day',
  holds: called(`traffic_by_${step}`),
  must: called('traffic'),
  columns: `ts, ${TRAFFIC_KEY}, ${CALLS}`,
  select: (date) =>
    `SELECT ${floor('t.ts')} AS bucket, ${TRAFFIC_KEY}, sum(t.calls), sum(t.errors), sum(t.retries), sum(t.logical_calls) FROM traffic AS t WHERE toDate(t.ts) = ${date} GROUP BY bucket, ${TRAFFIC_KEY}`,
}))

const NO_TRACE = "toFixedString('', 16)"
const IDS = `sum((request_id != '') + (trace_id != ${NO_TRACE}) + (call_id != '') + if(other_request_ids = '', 0, 1 + countSubstrings(other_request_ids, '\\n')))`
const idRows = (table: string, date: string) =>
  `SELECT bitShiftRight(id, 24), toDateTime(${table}.ts, 'UTC'), '${table}' FROM ${table} ARRAY JOIN arrayFilter(x -> x != 0, arrayConcat([if(request_id = '', 0, sipHash64(request_id)), if(trace_id = ${NO_TRACE}, 0, sipHash64(trace_id)), if(call_id = '', 0, sipHash64(call_id))], if(other_request_ids = '', [], arrayMap(x -> sipHash64(x), splitByChar('\\n', other_request_ids))))) AS id WHERE toDate(${table}.ts) = ${date}`

const CODE_KEY = 'provider, code, status, retry, retryable, standing, class, side'
const REACH_COLUMNS = `ts, ${CODE_KEY}, count, first_seen, last_seen, first_service, first_version, services, requests, consumers`
const reach = (floor: (ts: string) => string) => (date: string) =>
  `SELECT ${floor('errors.ts')} AS bucket, ${CODE_KEY}, count(), min(errors.ts), max(errors.ts),
     argMinState(service, errors.ts), argMinState(service_version, errors.ts), groupUniqArray(CAST(service, 'String')),
     uniqExactIf(request_id, request_id != ''), uniqHLL12IfState(consumer, consumer != '')
   FROM errors WHERE toDate(errors.ts) = ${date} GROUP BY bucket, ${CODE_KEY}
   UNION ALL
   SELECT ${floor('e.ts')} AS bucket, ${CODE_KEY}, sum(e.count), min(e.first_seen), max(e.last_seen),
     argMinState(service, e.first_seen), argMinState(service_version, e.first_seen), groupUniqArray(CAST(service, 'String')),
     sum(e.requests), uniqHLL12IfMergeState(e.consumers)
   FROM errors_erased AS e WHERE toDate(e.ts) = ${date} GROUP BY bucket, ${CODE_KEY}`

export const DERIVED: Derived[] = [
  ...errorRollups,
  ...trafficRollups,
  {
    table: 'requests',
    bases: ['errors', 'attempts'],
    byDay: true,
    holds: perDay("countIf(source = 'errors') AS n, countIf(source = 'attempts') AS of_attempts")('requests'),
    must: (dates) =>
      `SELECT day, sum(ids) AS n, sum(other_ids) AS of_attempts FROM (${perDay(`${IDS} AS ids, 0 AS other_ids`)('errors')(dates)} UNION ALL ${perDay(`0 AS ids, ${IDS} AS other_ids`)('attempts')(dates)}) GROUP BY day`,
    columns: 'h, ts, source',
    select: (date) => `${idRows('errors', date)} UNION ALL ${idRows('attempts', date)}`,
  },
  {
    table: 'codes_by_minute',
    bases: ERRORS,
    byDay: true,
    holds: counted('codes_by_minute'),
    must: rowsOfErrors,
    columns: `ts, ${CODE_KEY}, count`,
    select: countsOfErrors((ts) => `toDateTime(toStartOfMinute(${ts}), 'UTC')`, CODE_KEY),
  },
  {
    table: 'codes_by_hour',
    bases: ERRORS,
    byDay: true,
    holds: counted('codes_by_hour'),
    must: rowsOfErrors,
    columns: REACH_COLUMNS,
    select: reach((ts) => `toDateTime(toStartOfHour(${ts}), 'UTC')`),
  },
  {
    table: 'codes',
    bases: ERRORS,
    byDay: false,
    holds: counted('codes'),
    must: rowsOfErrors,
    columns: REACH_COLUMNS,
    select: reach((ts) => `toDate(${ts})`),
  },
]
