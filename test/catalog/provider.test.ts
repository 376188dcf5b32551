import { expect, test } from 'vitest'
import { compileProviders } from '../../services/catalog/provider.ts'
import type { Side } from '../../services/contract/vocabulary.ts'
import { catalog } from './catalogs.ts'

const resolve = compileProviders([
  catalog({
    provider: 'shop',
    match: { hosts: ['API.shop.example', '*.shop.example'], services: ['shop', 'till'] },
  }),
  catalog({ provider: 'deep', match: { hosts: ['*.deep.shop.example'] } }),
  catalog({ provider: 'old-claim', match: { hosts: ['api.claimed.example'], services: ['claimed'] } }),
  catalog({ provider: 'new-claim', match: { hosts: ['api.claimed.example'], services: ['claimed'] } }),
])

test.each<
  [why: string, attribute: string, serverAddress: string, service: string, side: Side, provider: string]
>([
  ['the attribute, as it is', 'Any Thing', 'api.shop.example', 'shop', 'server', 'Any Thing'],
  ['a host', '', 'api.shop.example', 'checkout', 'client', 'shop'],
  ['a host in another case, with a port', '', 'Api.Shop.Example:8443', 'checkout', 'client', 'shop'],
  ['a host with the dot of the root', '', 'api.shop.example.', 'checkout', 'client', 'shop'],
  ['a wildcard', '', 'eu.shop.example', 'checkout', 'client', 'shop'],
  ['a wildcard, deeper', '', 'a.b.shop.example', 'checkout', 'client', 'shop'],
  ['the longest wildcard', '', 'x.deep.shop.example', 'checkout', 'client', 'deep'],
  ['a wildcard is not its own parent', '', 'shop.example', 'checkout', 'client', 'shop.example'],
  ['nor a part of a label', '', 'workshop.example', 'checkout', 'client', 'workshop.example'],
  ['the later of two catalogs', '', 'api.claimed.example', 'x', 'client', 'new-claim'],
  ['a service that serves', '', '10.0.0.1', 'till', 'server', 'shop'],
  ['the host before the service', '', 'api.claimed.example', 'till', 'server', 'new-claim'],
  [
    'the service of a caller is not the provider',
    '',
    'elsewhere.example',
    'shop',
    'client',
    'elsewhere.example',
  ],
  ['services match by case', '', '', 'Shop', 'server', 'Shop'],
  ['an unknown host', '', 'Elsewhere.example:443', 'checkout', 'client', 'elsewhere.example'],
  ['an IPv6 address', '', '[2001:DB8::1]:443', 'checkout', 'client', '2001:db8::1'],
  ['a bare IPv6 address', '', '2001:db8::1', 'checkout', 'client', '2001:db8::1'],
  ['an unknown service', '', 'localhost', 'checkout', 'server', 'checkout'],
  ['a server without a name', '', 'localhost', '', 'server', 'localhost'],
  ['a client without a host', '', '', 'checkout', 'client', 'unknown'],
  ['nothing', '', '', '', 'server', 'unknown'],
])('%s', (_, attribute, serverAddress, service, side, provider) => {
  expect(resolve({ attribute, serverAddress, service, side })).toBe(provider)
})
