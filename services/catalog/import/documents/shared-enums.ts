import type { CodeStatement, Statement } from '../statement.ts'

/** The context of codes that a schema lists; it says no more of any of them. */
export const ENUM = 'enum'

/** An enum shared by all responses is of no status in particular: such a code keeps the statuses of its own examples. */
export function distinctStatus(statements: Statement[]): Statement[] {
  const enums = new Map<string, Set<number>>()
  for (const one of statements) {
    if (!isOfEnum(one)) continue
    const statuses = enums.get(one.code) ?? new Set()
    for (const status of one.http) statuses.add(status)
    enums.set(one.code, statuses)
  }
  const shared = new Map<string, number>()
  for (const statuses of enums.values()) {
    const key = [...statuses].sort().join()
    shared.set(key, (shared.get(key) ?? 0) + 1)
  }
  return statements.map((one) => {
    if (!isOfEnum(one)) return one
    const statuses = enums.get(one.code) as Set<number>
    const everywhere = statuses.size > 1 && (shared.get([...statuses].sort().join()) ?? 0) > 1
    return everywhere ? { ...one, http: [], retry: null } : one
  })
}

const isOfEnum = (one: Statement): one is CodeStatement => one.about === 'code' && one.context === ENUM
