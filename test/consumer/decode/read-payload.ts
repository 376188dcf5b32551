import type { FixedColumn, Rows, RowTable, TextColumn } from '../../../services/consumer/columns/column.ts'
import type { Payload } from '../../../services/consumer/columns/payload.ts'
import { type Dimension, TABLES } from '../../../services/contract/tables.ts'
import { KINDS, SIDES, STATUS_CLASSES } from '../../../services/contract/vocabulary.ts'

// What a decoded payload says, as plain objects to compare and to read in a failed test.

/** Stands for a provider until the catalogs were asked. */
export interface Hint {
  attribute: string
  serverAddress: string
  service: string
  side: string
}
export type Row = Record<string, unknown>
export interface Traffic {
  bucket: number
  provider: Hint
  service: string
  environment: string
  route: string
  side: string
  status_class: string
  calls: number
  errors: number
  retries: number
}

/** Columns that only the classifier fills. */
const VERDICT = ['retry', 'retryable', 'standing', 'class']

export function readPayload(payload: Payload) {
  return {
    errors: readRows(payload, 'errors', payload.errors),
    attempts: readRows(payload, 'attempts', payload.attempts),
    quotaSamples: readRows(payload, 'quota_samples', payload.quotaSamples),
    traffic: readTraffic(payload),
    counts: { ...payload.counts },
  }
}

function readRows<Name extends RowTable>(payload: Payload, table: Name, rows: Rows<Name>): Row[] {
  const columns = TABLES[table]
    .filter(({ kind }) => !kind.startsWith('origin'))
    .map(({ name, kind, dimension }) => {
      const values = Array.from({ length: rows.count }, (_, row) => {
        if (kind === 'text') return undefined
        return fixedValue(payload, rows.column(name) as FixedColumn, row, name, kind, dimension)
      })
      return [name, kind === 'text' ? readTexts(rows.column(name) as TextColumn) : values] as const
    })
  for (const [name, values] of columns)
    if (values.length !== rows.count)
      throw new Error(`${name} has ${values.length} values for ${rows.count} rows`)
  return Array.from({ length: rows.count }, (_, row) => {
    const all = Object.fromEntries(columns.map(([name, values]) => [name, values[row]]))
    for (const name of VERDICT) {
      if (name in all && all[name] !== 0)
        throw new Error(`${name} is ${all[name]} before the classifier saw it`)
      delete all[name]
    }
    return all
  })
}

function fixedValue(
  payload: Payload,
  column: FixedColumn,
  row: number,
  name: string,
  kind: string,
  dimension: Dimension | undefined,
): unknown {
  if (name === 'provider') return readHint(payload, column.u16[row]!)
  if (name === 'side') return SIDES[column.u8[row]!]
  if (name === 'kind') return KINDS[column.u8[row]!]
  switch (kind) {
    case 'dimension':
      return payload.dictionaries[dimension!].text(column.u16[row]!)
    case 'u8':
      return column.u8[row]
    case 'u16':
      return column.u16[row]
    case 'u32':
      return column.u32[row]
    case 'f32':
      return column.f32[row]
    case 'nullable_u32':
      return column.u32[row] === 0xffff_ffff ? null : column.u32[row]
    case 'u64':
    case 'nullable_u64': {
      const value = (BigInt(column.u32[2 * row + 1]!) << 32n) | BigInt(column.u32[2 * row]!)
      return kind === 'nullable_u64' && value === 2n ** 64n - 1n ? null : value
    }
    default:
      return Buffer.from(column.u8.subarray(row * column.width, (row + 1) * column.width)).toString('hex')
  }
}

function readTexts(column: TextColumn): string[] {
  const texts: string[] = []
  for (let at = 0; at < column.length; ) {
    let size = 0
    let shift = 0
    let byte: number
    do {
      byte = column.bytes[at++]!
      size |= (byte & 127) << shift
      shift += 7
    } while (byte > 127)
    texts.push(column.bytes.toString('utf8', at, at + size))
    at += size
  }
  return texts
}

function readHint({ providerHints: hints, dictionaries }: Payload, id: number): Hint {
  if (id >= hints.count) throw new Error(`no provider hint ${id}`)
  return {
    attribute: dictionaries.provider.text(hints.attribute[id]!),
    serverAddress: dictionaries.server_address.text(hints.serverAddress[id]!),
    service: dictionaries.service.text(hints.service[id]!),
    side: SIDES[hints.side[id]!]!,
  }
}

function readTraffic(payload: Payload): Traffic[] {
  const { traffic, dictionaries } = payload
  return Array.from({ length: traffic.count }, (_, row) => ({
    bucket: traffic.bucket[row]!,
    provider: readHint(payload, traffic.provider[row]!),
    service: dictionaries.service.text(traffic.service[row]!),
    environment: dictionaries.environment.text(traffic.environment[row]!),
    route: dictionaries.route.text(traffic.route[row]!),
    side: SIDES[traffic.side[row]!]!,
    status_class: STATUS_CLASSES[traffic.statusClass[row]!]!,
    calls: traffic.calls[row]!,
    errors: traffic.errors[row]!,
    retries: traffic.retries[row]!,
  }))
}
