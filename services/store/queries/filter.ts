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
  /** Part of a code, in any case. */
  q?: string
}

const EXACT = ['provider', 'service', 'environment', 'standing', 'retry', 'class', 'side', 'code'] as const

/** As ` AND …` with bound parameters. */
export function filterSql(filter: Filter): { where: string; params: Record<string, unknown> } {
  const params: Record<string, unknown> = {}
  let where = ''
  for (const name of EXACT) {
    if (filter[name] === undefined) continue
    params[name] = filter[name]
    where += ` AND ${name} = {${name}:String}`
  }
  if (filter.q !== undefined) {
    params.q = filter.q
    where += ' AND positionCaseInsensitiveUTF8(code, {q:String}) > 0'
  }
  return { where, params }
}
