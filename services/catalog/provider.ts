import type { Side } from '../contract/vocabulary.ts'
import type { Catalog } from './schema.ts'

/** What a span says about whose API it called or serves; empty strings where it says nothing. */
interface ProviderHints {
  /** The attribute api.provider. */
  attribute: string
  serverAddress: string
  service: string
  side: Side
}

export type ResolveProvider = (hints: ProviderHints) => string

/** Whose API a span is about: what it says itself, else what the catalogs match, else the host or the service. */
export function compileProviders(catalogs: readonly Catalog[]): ResolveProvider {
  const hosts = new Map<string, string>()
  /** `*.example.com` stands here as `example.com`; the longest suffix wins. */
  const suffixes = new Map<string, string>()
  const services = new Map<string, string>()
  for (const { provider, match } of catalogs) {
    for (const host of match.hosts) {
      if (host.startsWith('*.')) suffixes.set(host.slice(2), provider)
      else hosts.set(host, provider)
    }
    for (const service of match.services) services.set(service, provider)
  }

  const byHost = (host: string): string | undefined => {
    const exact = hosts.get(host)
    if (exact !== undefined || suffixes.size === 0) return exact
    for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) {
      const provider = suffixes.get(host.slice(dot + 1))
      if (provider !== undefined) return provider
    }
    return undefined
  }

  return ({ attribute, serverAddress, service, side }) => {
    if (attribute !== '') return attribute
    const host = hostOf(serverAddress)
    const matched = byHost(host)
    if (matched !== undefined) return matched
    // A client's own service name says who called, not whom.
    if (side === 'client') return host || 'unknown'
    return services.get(service) ?? (service || host || 'unknown')
  }
}

/** Lower case, without a port, the brackets of an IPv6 address or the root's dot. */
function hostOf(address: string): string {
  const host = address.trim().toLowerCase()
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(host)
  if (bracketed) return bracketed[1]
  return host.replace(/^([^:]+):\d+$/, '$1').replace(/\.$/, '')
}
