import { type CompiledCatalog, type CompiledCatalogs, catalogFinder } from './catalogs.ts'
import type { Envelope } from './read-error/envelope.ts'
import type { LimitNames } from './read-error/rate-limits.ts'
import type { ReadErrorOptions } from './read-error.ts'

/** What an application says of an API itself; it wins over the catalog of that name. */
export interface ProviderConfig {
  /** `*.example.com` stands for every name below it. Default: the catalog's. */
  hosts?: string[]
  envelope?: Envelope
  limits?: LimitNames
  /** This API answers 200 to calls that failed (`ok: false`, GraphQL): read its successful answers too. */
  errorsIn200?: boolean
}

export interface Provider {
  name: string
  catalog: CompiledCatalog | null
  /** Where this API keeps what, for readError. */
  reading: ReadErrorOptions
  errorsIn200: boolean
}

/** Hosts come from what the application calls, so mostly they are few; who calls the whole web is not remembered. */
const MOST_HOSTS = 1000

/** Whose API a host is, by the application's own word, else its catalogs. */
export function providerFinder(
  catalogs: CompiledCatalogs | null,
  configs: Record<string, ProviderConfig>,
): (host: string) => Provider | null {
  const known = catalogs?.catalogs ?? []
  const merged = known.map((catalog) => merge(catalog, configs[catalog.provider]))
  const own = Object.entries(configs)
    .filter(([name]) => !known.some(({ provider }) => provider === name))
    .map(([provider, config]) => merge({ ...NO_CATALOG, provider }, config))
  const find = catalogFinder({ format: 1, retryable: [], catalogs: [...merged, ...own] })
  const providers = new Map(
    [...merged, ...own].map((catalog): [string, Provider] => [
      catalog.provider,
      {
        name: catalog.provider,
        catalog: known.some(({ provider }) => provider === catalog.provider) ? catalog : null,
        reading: { envelope: catalog.envelope, limits: catalog.limits },
        errorsIn200: configs[catalog.provider]?.errorsIn200 === true,
      },
    ]),
  )
  const remembered = new Map<string, Provider | null>()
  return (host) => {
    let provider = remembered.get(host)
    if (provider === undefined) {
      const catalog = find(host)
      provider = catalog === null ? null : providers.get(catalog.provider)!
      if (remembered.size >= MOST_HOSTS) remembered.clear()
      remembered.set(host, provider)
    }
    return provider
  }
}

const NO_CATALOG = { hosts: [], services: [], envelope: {}, limits: {}, statuses: {}, codes: {} }

const merge = (catalog: CompiledCatalog, config: ProviderConfig = {}): CompiledCatalog => ({
  ...catalog,
  hosts: config.hosts ?? catalog.hosts,
  envelope: { ...catalog.envelope, ...config.envelope },
  limits: { ...catalog.limits, ...config.limits },
})
