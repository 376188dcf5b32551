import { EXACT, type Filter } from './filter.ts'

/** Columns besides those that counts are kept by, and how a value of them is compared. */
const OTHERS = {
  kind: '= {kind:String}',
  service_version: '= {service_version:String}',
  route: '= {route:String}',
  method: '= {method:String}',
  server_address: '= {server_address:String}',
  request_id: '= {request_id:String}',
  other_request_ids: '',
  trace_id: '= unhex({trace_id:String})',
  span_id: '= unhex({span_id:String})',
  parent_span_id: '= unhex({parent_span_id:String})',
  call_id: '= {call_id:String}',
  attempt: '= {attempt:UInt16}',
  consumer: '= {consumer:String}',
  sdk: '= {sdk:String}',
  retry_after_ms: '= {retry_after_ms:UInt32}',
  duration_ms: '= toFloat32({duration_ms:Float64})',
  message: '= {message:String}',
  origin: '= {origin:String}',
  origin_offset: '= {origin_offset:UInt64}',
  origin_index: '= {origin_index:UInt32}',
} as const
export type RowFilter = Omit<Filter, 'q'> & { [Name in keyof typeof OTHERS]?: string | number }

/** As ` AND …` with bound parameters, of the table `t`. */
export function rowFilterSql(filter: RowFilter): { where: string; params: Record<string, unknown> } {
  const params: Record<string, unknown> = {}
  let where = ''
  for (const [name, type] of Object.entries(EXACT)) {
    const value = filter[name as keyof RowFilter]
    if (value === undefined) continue
    params[name] = value
    where += ` AND t.${name} = {${name}:${type}}`
  }
  for (const [name, comparison] of Object.entries(OTHERS)) {
    const value = filter[name as keyof RowFilter]
    if (value === undefined) continue
    params[name] = value
    where +=
      name === 'other_request_ids'
        ? ` AND has(splitByChar('\\n', t.other_request_ids), {other_request_ids:String})`
        : ` AND t.${name} ${comparison}`
  }
  return { where, params }
}
