import { expect, test } from 'vitest'
import { isLoopbackAddress, ownerOf } from '../../services/access/address.ts'

test.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '0:0:0:0:0:0:0:1'])(
  '%s is this machine',
  (address) => expect(isLoopbackAddress(address)).toBe(true),
)
test.each(['', '10.0.0.1', '::2', '::ffff:10.0.0.1', '128.0.0.1', 'localhost', '127.0.0.1.evil.example'])(
  '%s is not',
  (address) => expect(isLoopbackAddress(address)).toBe(false),
)

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s belongs to %s', (address, owner) => expect(ownerOf(address)).toBe(owner))
