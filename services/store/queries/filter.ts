import type { ErrorClass, Retry, Side, Standing } from '../../contract/vocabulary.ts'

/** What counts can be narrowed to. */
export interface Filter {
  provider?: string
  service?: string
  environment?: string
  standing?: Standing
  retry?: Retry
  class?: ErrorClass
  side?: Side
  code?: string
  status?: number
  retryable?: boolean
  /** Part of a code, in any case. */
  q?: string
}

/** What counts are kept by, and how a value of it is bound. */
export const EXACT = {
  provider: 'String',
  service: 'String',
  environment: 'String',
  standing: 'String',
  retry: 'String',
  class: 'String',
  side: 'String',
  code: 'String',
  status: 'UInt16',
  retryable: 'Bool',
} as const

/** As ` AND …` with bound parameters. */
export function filterSql(filter: Filter): { where: string; params: Record<string, unknown> } {
  const params: Record<string, unknown> = {}
  let where = ''
  for (const [name, type] of Object.entries(EXACT)) {
    const value = filter[name as keyof typeof EXACT]
    if (value === undefined) continue
    params[name] = value
    where += ` AND ${name} = {${name}:${type}}`
  }
  if (filter.q !== undefined) {
    params.q = filter.q
    where += ' AND positionCaseInsensitiveUTF8(code, {q:String}) > 0'
  }
  return { where, params }
}
