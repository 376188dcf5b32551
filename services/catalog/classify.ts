import {
  type ErrorClass,
  isRetryable,
  type Retry,
  type Standing,
  type Verdict,
} from '../contract/vocabulary.ts'
import { classOfStatus, retryOfStatus } from '../instrumentation/retry-policy/status-default.ts'
import { isNoAnswer } from './no-answer.ts'
import { compileProviders, type ResolveProvider } from './provider.ts'
import type { Catalog, CodeEntry, StatusRule } from './schema.ts'

/** A catalog's words on a code, or on a status where the code has none. */
export interface Explanation {
  /** `status`: these words hold for the status in general; the code itself is not documented. */
  of: 'code' | 'status'
  provider: string
  title: string
  docs: string | null
  meaning: string
  action: string
  retry: Retry
  retry_is: 'stated' | 'derived'
  class: ErrorClass
  http: readonly number[]
  since: string | null
  deprecated: CodeEntry['deprecated'] | null
}

export interface Catalogs {
  /** As they were loaded. */
  list: readonly Catalog[]
  /** Is there a catalog of this provider at all? */
  has: (provider: string) => boolean
  resolveProvider: ResolveProvider
  /**
   * Empty code = the error had none; status 0 = it was not seen over HTTP. A code is deprecated from the day its
   * catalog says: `now` (Unix ms) is the time that counts, given by whoever must come to the same verdict again.
   */
  verdict: (provider: string, code: string, status: number, now?: number) => Verdict
  explain: (provider: string, code: string, status?: number) => Explanation | null
}

/** One entry, ready: every verdict it can lead to stands already, so that judging allocates nothing. */
interface CompiledCode {
  known: Verdict
  deprecated: Verdict
  mismatched: Verdict
  /** Unix ms; Infinity for codes that are not deprecated. */
  deprecatedFrom: number
  http: readonly number[]
  explanation: Explanation
}

interface CompiledCatalog {
  codes: Map<string, CompiledCode>
  /** By status, 0..599. */
  uncoded: Verdict[]
  unknown: Verdict[]
  statusExplanations: Map<number, Explanation>
}

const STATUSES = 600

/** Catalogs in the order of loadCatalogs: where two claim the same thing, the later one wins. Pure. */
export function compileCatalogs(catalogs: readonly Catalog[]): Catalogs {
  const intern = verdicts()
  const compiled = new Map(catalogs.map((catalog) => [catalog.provider, compileCatalog(catalog, intern)]))
  const undocumented = compileCatalog(null, intern)

  return {
    list: catalogs,
    has: (provider) => compiled.has(provider),
    resolveProvider: compileProviders(catalogs),
    verdict(provider, code, status, now) {
      const catalog = compiled.get(provider) ?? undocumented
      const entry = catalog.codes.get(code)
      if (entry === undefined) {
        const byStatus = code === '' || isNoAnswer(code, status) ? catalog.uncoded : catalog.unknown
        return byStatus[status] ?? byStatus[0]
      }
      // A broken promise says more than an announced farewell, so it comes first.
      if (status !== 0 && entry.http.length > 0 && !entry.http.includes(status)) return entry.mismatched
      if (entry.deprecatedFrom === Infinity) return entry.known
      return (now ?? Date.now()) >= entry.deprecatedFrom ? entry.deprecated : entry.known
    },
    explain(provider, code, status = 0) {
      const catalog = compiled.get(provider)
      return catalog?.codes.get(code)?.explanation ?? catalog?.statusExplanations.get(status) ?? null
    },
  }
}

type Intern = (retry: Retry, standing: Standing, errorClass: ErrorClass) => Verdict

/** There are at most a few hundred different verdicts, however many codes. */
function verdicts(): Intern {
  const known = new Map<string, Verdict>()
  return (retry, standing, errorClass) => {
    const key = `${retry} ${standing} ${errorClass}`
    let verdict = known.get(key)
    if (!verdict) {
      verdict = Object.freeze({ retry, retryable: isRetryable(retry), standing, class: errorClass })
      known.set(key, verdict)
    }
    return verdict
  }
}

function compileCatalog(catalog: Catalog | null, intern: Intern): CompiledCatalog {
  const rules = new Map(Object.entries(catalog?.statuses ?? {}))
  const ruleOf = (status: number) => rules.get(String(status)) ?? rules.get(`${Math.floor(status / 100)}xx`)
  const compiled: CompiledCatalog = {
    codes: new Map(),
    uncoded: [],
    unknown: [],
    statusExplanations: new Map(),
  }

  for (let status = 0; status < STATUSES; status++) {
    const rule = ruleOf(status)
    const errorClass = rule?.class ?? classOfStatus(status)
    compiled.uncoded.push(intern(rule?.retry ?? retryOfStatus(status), 'uncoded', errorClass))
    // Nobody documented the code, so only what its publisher says about the status as such is known.
    compiled.unknown.push(intern(rule?.retry ?? 'unknown', 'unknown', errorClass))
    if (catalog && (rule?.meaning || rule?.action)) {
      compiled.statusExplanations.set(status, explainStatus(catalog, rule, status, errorClass))
    }
  }
  if (catalog) {
    for (const entry of catalog.codes) {
      compiled.codes.set(entry.code, compileCode(catalog, entry, ruleOf, intern))
    }
  }
  return compiled
}

function compileCode(
  catalog: Catalog,
  entry: CodeEntry,
  ruleOf: (status: number) => StatusRule | undefined,
  intern: Intern,
): CompiledCode {
  // An entry without a retry takes its statuses' default, if they agree on one.
  const defaults = new Set(entry.http.map((status) => ruleOf(status)?.retry ?? 'unknown'))
  const retry = entry.retry ?? (defaults.size === 1 ? [...defaults][0] : 'unknown')
  const errorClass = entry.class ?? (entry.http.length > 0 ? classOfStatus(entry.http[0]) : 'other')
  return {
    known: intern(retry, 'known', errorClass),
    deprecated: intern(retry, 'deprecated', errorClass),
    mismatched: intern(retry, 'mismatched', errorClass),
    deprecatedFrom: entry.deprecated ? Date.parse(entry.deprecated.on) : Infinity,
    http: entry.http,
    explanation: {
      of: 'code',
      ...publisher(catalog),
      meaning: entry.meaning ?? '',
      action: entry.action ?? '',
      retry,
      retry_is: entry.retry_is ?? (entry.retry ? 'stated' : 'derived'),
      class: errorClass,
      http: entry.http,
      since: entry.since ?? null,
      deprecated: entry.deprecated ?? null,
    },
  }
}

function explainStatus(
  catalog: Catalog,
  rule: StatusRule,
  status: number,
  errorClass: ErrorClass,
): Explanation {
  return {
    of: 'status',
    ...publisher(catalog),
    meaning: rule.meaning ?? '',
    action: rule.action ?? '',
    retry: rule.retry,
    retry_is: rule.retry_is,
    class: errorClass,
    http: [status],
    since: null,
    deprecated: null,
  }
}

const publisher = ({ provider, title, docs }: Catalog) => ({
  provider,
  title: title ?? provider,
  docs: docs ?? null,
})
