import { expect, test } from 'vitest'
import { isLoopbackHost } from '../../services/access/loopback-host.ts'

test.each([
  'localhost',
  'LOCALHOST:8080',
  '127.0.0.1',
  '127.0.0.1:1',
  '127.1.2.3:8080',
  '[::1]',
  '[::1]:8080',
])('%s is this machine', (host) => expect(isLoopbackHost(host)).toBe(true))

test.each([
  undefined,
  '',
  'evil.example',
  'localhost.evil.example',
  'evil.example:8080',
  '127.0.0.1.evil.example',
  'evil.example#localhost',
  'localhost@evil.example',
  '192.168.0.2',
  '0.0.0.0',
  '[::2]',
  '::1',
  'localhost:',
  'localhost:99999999',
])('%s may be anybody', (host) => expect(isLoopbackHost(host)).toBe(false))
