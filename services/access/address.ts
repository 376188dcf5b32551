import { BlockList, isIPv4, isIPv6 } from 'node:net'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** As a dual-stack socket names an IPv4 peer. */
const MAPPED = /^::ffff:(?=\d+\.)/i
const plain = (address: string): string => address.replace(MAPPED, '')

export function isLoopbackAddress(address: string): boolean {
  const one = plain(address)
  return isIPv4(one) ? LOOPBACK.check(one, 'ipv4') : isIPv6(one) && LOOPBACK.check(one, 'ipv6')
}

/** Whom an address belongs to: of IPv6 everybody has a network of 2⁶⁴ to themselves. */
export function ownerOf(address: string): string {
  const one = plain(address)
  if (!isIPv6(one)) return one
  const [before, after] = one.split('::')
  const head = before.split(':').filter(Boolean)
  const tail = after?.split(':').filter(Boolean) ?? []
  const gap = Math.max(0, 8 - head.length - tail.length)
  return `${[...head, ...Array<string>(gap).fill('0'), ...tail].slice(0, 4).join(':')}::/64`
}
