import type { Envelope } from './read-error/envelope.ts'
import type { LimitNames } from './read-error/rate-limits.ts'

// Catalogs as `telltale catalog compile` writes them: plain JSON, so that nothing here needs a YAML parser.

export interface CompiledCatalogs {
  format: 1
  /** The words of `retry` under which a program may send the same request again by itself. */
  retryable: string[]
  catalogs: CompiledCatalog[]
}

/** What one catalog says that matters while a call is made; its `envelope` and `limits` are readError's options. */
export interface CompiledCatalog {
  provider: string
  /** `*.example.com` stands for every name below it. */
  hosts: string[]
  services: string[]
  envelope: Envelope
  limits: LimitNames
  /** Retry by status (`429`) or hundred (`5xx`), for codes that have no entry. */
  statuses: Record<string, string>
  codes: Record<string, CompiledCode>
}

export interface CompiledCode {
  /** Every status its publisher promises; left out where it does not say. */
  http?: number[]
  retry: string
  class: string
}

/** Whose API a host is. Where two catalogs claim it, the later one wins; the longest `*.` pattern before shorter ones. */
export function catalogFinder({ catalogs }: CompiledCatalogs): (host: string) => CompiledCatalog | null {
  const byHost = new Map<string, CompiledCatalog>()
  for (const catalog of catalogs) for (const host of catalog.hosts) byHost.set(host, catalog)
  return (host) => {
    const name = host.toLowerCase()
    const exact = byHost.get(name)
    if (exact !== undefined) return exact
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      const below = byHost.get(`*${name.slice(dot)}`)
      if (below !== undefined) return below
    }
    return null
  }
}

/** May it be sent again? The code's word, else its status's; null where the catalog has none. */
export function retryOf(
  { codes, statuses }: CompiledCatalog,
  code: string | null,
  status: number,
): string | null {
  if (code !== null && Object.hasOwn(codes, code)) return codes[code]!.retry
  for (const key of [String(status), `${Math.floor(status / 100)}xx`]) {
    if (Object.hasOwn(statuses, key)) return statuses[key]!
  }
  return null
}

/** The catalogs in a file that was compiled; null where it is none, or of another format. */
export function parseCatalogs(text: string): CompiledCatalogs | null {
  try {
    const read = JSON.parse(text) as Partial<CompiledCatalogs> | null
    return read?.format === 1 && Array.isArray(read.catalogs) ? (read as CompiledCatalogs) : null
  } catch {
    return null
  }
}
