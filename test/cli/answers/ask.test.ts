import { expect, test } from 'vitest'
import { ask } from '../../../services/cli/answers/ask.ts'

test('a token that no header can carry is not echoed', async () => {
  const answer = await ask('http://127.0.0.1:1', '/healthz', { token: 'hun\nter2' })
  expect(answer).toMatchObject({ status: 'failed', message: expect.stringMatching(/token/) })
  expect(JSON.stringify(answer)).not.toMatch(/hun|ter2/)
})
