import type { Catalogs as AllCatalogs } from '../catalog/classify.ts'
import { CLASSES, RETRIES, SIDES, STANDINGS, type Verdict } from '../contract/vocabulary.ts'
import type { Payload } from './columns/payload.ts'

/** As much of what the catalogs know as the consumer asks for. */
export type Catalogs = Pick<AllCatalogs, 'resolveProvider' | 'verdict'>

/**
 * Completes a payload in place: whose API each row is about, and what the catalogs say of its code. Asks the
 * catalogs once per distinct combination in the payload, not once per row.
 */
export function classify(catalogs: Catalogs, payload: Payload): void {
  const providers = resolveProviders(catalogs, payload)
  for (const rows of [payload.errors, payload.attempts, payload.quotaSamples]) {
    const { provider } = rows.columns
    for (let row = 0; row < rows.count; row++) provider.u16[row] = providers[provider.u16[row]!]!
  }
  const { traffic } = payload
  for (let row = 0; row < traffic.count; row++) traffic.provider[row] = providers[traffic.provider[row]!]!

  const { count, columns } = payload.errors
  const verdicts = new Map<number, number>()
  for (let row = 0; row < count; row++) {
    const provider = columns.provider.u16[row]!
    const code = columns.code.u16[row]!
    const status = columns.status.u16[row]!
    const tuple = (provider * 65_536 + code) * 65_536 + status
    let packed = verdicts.get(tuple)
    if (packed === undefined) {
      const { dictionaries } = payload
      packed = pack(
        catalogs.verdict(dictionaries.provider.text(provider), dictionaries.code.text(code), status),
      )
      verdicts.set(tuple, packed)
    }
    columns.retry.u8[row] = packed & 15
    columns.retryable.u8[row] = (packed >> 4) & 1
    columns.standing.u8[row] = (packed >> 5) & 7
    columns.class.u8[row] = packed >> 8
  }
}

/** For each hint the number of its provider. */
function resolveProviders(catalogs: Catalogs, payload: Payload): Uint16Array {
  const { providerHints: hints, dictionaries } = payload
  const providers = new Uint16Array(hints.count)
  for (let hint = 0; hint < hints.count; hint++) {
    const name = catalogs.resolveProvider({
      attribute: dictionaries.provider.text(hints.attribute[hint]!),
      serverAddress: dictionaries.server_address.text(hints.serverAddress[hint]!),
      service: dictionaries.service.text(hints.service[hint]!),
      side: SIDES[hints.side[hint]!]!,
    })
    providers[hint] = dictionaries.provider.internText(name)
  }
  return providers
}

const pack = (verdict: Verdict): number =>
  RETRIES.indexOf(verdict.retry) |
  (Number(verdict.retryable) << 4) |
  (STANDINGS.indexOf(verdict.standing) << 5) |
  (CLASSES.indexOf(verdict.class) << 8)
