import { expect, test } from 'vitest'
import { openDoor } from '../../services/access/door.ts'
import { openTokens } from '../../services/access/tokens.ts'
import { loadConfig } from '../../services/config.ts'

// TLS, and tokens that exist, are tested with a real `up`: test/e2e/tls.test.ts and exposed.test.ts.

const notices: string[] = []
async function doorOf(flags: Record<string, unknown>) {
  const notice = (message: string) => notices.push(message)
  const tokens = await openTokens({ query: async () => [], command: async () => {}, notice })
  const { config } = loadConfig({ flags, env: {} })
  return openDoor(config, tokens, notice)
}

test.each([
  ['127.0.0.1', 'http://127.0.0.1:80'],
  ['::1', 'http://[::1]:80'],
  ['localhost', 'http://localhost:80'],
])('%s is this machine only, and needs no token', async (host, url) => {
  const door = await doorOf({ host })
  expect(door.urlOf({ host, port: 80 })).toBe(url)
  expect(notices).toEqual([])
})

test.each(['0.0.0.0', '::', 'telltale.internal'])('%s is refused without a token', async (host) => {
  await expect(doorOf({ host, data: 'here' })).rejects.toThrow(
    /telltale token create --scope admin --data here .*--insecure/,
  )
})

test('on purpose it is not, and is told of', async () => {
  await doorOf({ host: '0.0.0.0', insecure: true })
  expect(notices.splice(0)).toEqual([expect.stringContaining('set tls.cert and tls.key')])
})
