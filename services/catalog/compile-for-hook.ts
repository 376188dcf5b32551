import { isRetryable, RETRIES } from '../contract/vocabulary.ts'
import type { CompiledCatalog, CompiledCatalogs, CompiledCode } from '../instrumentation/catalogs.ts'
import { compileCatalogs } from './classify.ts'
import type { Catalog } from './schema.ts'

/** What a hook in somebody's program needs of catalogs: no words for people, every retry and class decided. */
export function compileForHook(catalogs: readonly Catalog[]): CompiledCatalogs {
  const { explain } = compileCatalogs(catalogs)
  return {
    format: 1,
    retryable: RETRIES.filter(isRetryable),
    catalogs: catalogs.map((catalog): CompiledCatalog => {
      const { provider, match, envelope, limits, statuses } = catalog
      const codes = catalog.codes.map(({ code, http }): [string, CompiledCode] => {
        const { retry, class: errorClass } = explain(provider, code)!
        return [code, { ...(http.length > 0 && { http }), retry, class: errorClass }]
      })
      return {
        provider,
        ...match,
        envelope,
        limits,
        statuses: Object.fromEntries(Object.entries(statuses).map(([status, { retry }]) => [status, retry])),
        codes: Object.fromEntries(codes),
      }
    }),
  }
}
