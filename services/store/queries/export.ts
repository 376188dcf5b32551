import { TABLES } from '../../contract/tables.ts'

// Rows and counts of a period, as they are, in a format that other programs read. No parameter is bound, for there is
// none: tables and formats come from these lists, and times are numbers by now.

interface Exported {
  columns: string[]
  /** Bucket of the rollup, in seconds; rows have none. */
  step?: number
  /** Parts of a count are still apart in the table. */
  merged?: true
}

const written = (table: keyof typeof TABLES): string[] =>
  TABLES[table].map(({ name, type }) => {
    if (type.startsWith('FixedString')) return `lower(hex(t.${name})) AS ${name}`
    return type.startsWith('Enum') ? `CAST(t.${name}, 'String') AS ${name}` : `t.${name}`
  })
const ENUMS = new Set(['retry', 'standing', 'class', 'side', 'status_class'])
const counts = (step: number, names: string): Exported => ({
  columns: names
    .split(' ')
    .map((name) => (ENUMS.has(name) ? `CAST(t.${name}, 'String') AS ${name}` : `t.${name}`)),
  step,
  merged: true,
})

const CODE = 'ts provider code status retry retryable standing class side'
const ERRORS = `${CODE} service environment count`
const TRAFFIC = 'ts provider service side route status_class environment calls errors retries logical_calls'
const reach = (step: number): Exported => {
  const { columns, ...rest } = counts(step, `${CODE} count first_seen last_seen services requests`)
  const states = ['first_service', 'first_version', 'consumers']
  return {
    ...rest,
    columns: [...columns, ...states.map((name) => `finalizeAggregation(t.${name}) AS ${name}`)],
  }
}
const [TEN_SECONDS, MINUTE, HOUR, DAY] = [10, 60, 3600, 86_400]

const EXPORTED = {
  errors: { columns: written('errors') },
  attempts: { columns: written('attempts') },
  traffic: { columns: written('traffic') },
  quota_samples: { columns: written('quota_samples') },
  errors_by_10s: counts(TEN_SECONDS, ERRORS),
  errors_by_minute: counts(MINUTE, ERRORS),
  errors_by_hour: counts(HOUR, ERRORS),
  errors_by_day: counts(DAY, ERRORS),
  traffic_by_10s: counts(TEN_SECONDS, TRAFFIC),
  traffic_by_minute: counts(MINUTE, TRAFFIC),
  traffic_by_hour: counts(HOUR, TRAFFIC),
  traffic_by_day: counts(DAY, TRAFFIC),
  codes_by_minute: counts(MINUTE, `${CODE} count`),
  codes_by_hour: reach(HOUR),
  codes: reach(DAY),
} satisfies Record<string, Exported>

export type ExportTable = keyof typeof EXPORTED
export const EXPORT_TABLES = Object.keys(EXPORTED) as ExportTable[]

export const EXPORT_FORMATS = {
  parquet: { engine: 'Parquet', mediaType: 'application/vnd.apache.parquet' },
  ndjson: { engine: 'JSONEachRow', mediaType: 'application/x-ndjson' },
  csv: { engine: 'CSVWithNames', mediaType: 'text/csv; charset=utf-8' },
} as const
export type ExportFormat = keyof typeof EXPORT_FORMATS

export interface ExportQuestion {
  table: ExportTable
  format: ExportFormat
  from: Date
  to: Date
}

/** One core and a bounded piece of memory, for as long as it takes; an hour is some hundred million rows. */
const SETTINGS =
  'max_threads = 1, max_memory_usage = 400000000, max_bytes_before_external_sort = 100000000, max_execution_time = 3600, ' +
  // Times as RFC 3339, numbers as numbers.
  "date_time_output_format = 'iso', output_format_json_quote_64bit_integers = 0"

const moment = (ms: number): string =>
  `toDateTime64('${new Date(ms).toISOString().slice(0, 23).replace('T', ' ')}', 3, 'UTC')`

/** A bucket is in the period when it begins in it, and the one that `from` lies in. */
export function exportSql({ table, from, to }: Omit<ExportQuestion, 'format'>): string {
  const { columns, step, merged }: Exported = EXPORTED[table]
  const start = step === undefined ? from.getTime() : from.getTime() - (from.getTime() % (step * 1000))
  // Rows are stored in order of their second; so no more than a second of them has to be sorted.
  const order = step === undefined ? 'toDateTime(t.ts), t.ts' : 't.ts'
  return `SELECT ${columns.join(', ')} FROM ${table} AS t${merged ? ' FINAL' : ''}
    WHERE t.ts >= ${moment(start)} AND t.ts < ${moment(to.getTime())} ORDER BY ${order} SETTINGS ${SETTINGS}`
}
