import { expect, test } from 'vitest'
import { MAX_ROUTE_BYTES, routeOf } from '../../../services/consumer/decode/route.ts'

const to = Buffer.alloc(MAX_ROUTE_BYTES)
function route(text: string): string {
  // Something before and behind it, which is not to be looked at.
  const bytes = Buffer.from(`/9${text}/77/x?`)
  return to.toString('utf8', 0, routeOf(bytes, 2, bytes.length - 6, to))
}

test.each([
  ['/', '/'],
  ['', '/'],
  ['/users', '/users'],
  ['/users/', '/users'],
  ['//users///cards', '/users/cards'],
  ['/users/8812/cards?full=1', '/users/{id}/cards'],
  ['/users/8812#top', '/users/{id}'],
  ['/users;v=1/8812', '/users'],
  ['/v1/oauth2/token', '/v1/oauth2/token'],
  ['/v1.2/1/22', '/v1.2/{id}/{id}'],
  ['/2024-01/report', '/{id}/report'],
  ['/orders/550e8400-e29b-41d4-a716-446655440000/items', '/orders/{id}/items'],
  ['/charges/ch_3MmlLrLkdIwHu7ix0snN0B15', '/charges/{id}'],
  ['/customers/cus_AbCdEfGhIj1', '/customers/{id}'],
  ['/users/bob@example.com', '/users/{id}'],
  ['/caf%C3%A9/x', '/{id}/x'],
  ['/é/x', '/{id}/x'],
  ['/payment_methods/:attach', '/payment_methods/:attach'],
  ['/users/{id}/cards', '/users/{id}/cards'],
  ['*', '/*'],
  ['users/7', '/users/{id}'],
  [`/${'a'.repeat(32)}`, `/${'a'.repeat(32)}`],
  [`/${'a'.repeat(33)}`, '/{id}'],
  ['/a/b/c/d/e/f/g/h', '/a/b/c/d/e/f/g/h'],
  ['/a/b/c/d/e/f/g/h/i', '/a/b/c/d/e/f/g/h/…'],
  [`/${'abcdefghijklmnopqrstuvwxyz/'.repeat(6)}`, `/${'abcdefghijklmnopqrstuvwxyz/'.repeat(4)}…`],
  ['https://api.example.com/v1/users/77?x=1', '/v1/users/{id}'],
  ['http://user:pw@[::1]:80/a', '/a'],
  ['https://api.example.com', '/'],
  ['https://api.example.com?q=/z', '/'],
])('%s → %s', (text, expected) => {
  expect(route(text)).toBe(expected)
})

test('however long, it fits', () => {
  expect(Buffer.byteLength(route(`/${'x'.repeat(1_000_000)}`))).toBeLessThanOrEqual(MAX_ROUTE_BYTES)
  expect(Buffer.byteLength(route('/abcdefgh'.repeat(100_000)))).toBeLessThanOrEqual(MAX_ROUTE_BYTES)
})
