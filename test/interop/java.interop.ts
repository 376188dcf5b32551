import { expect, test } from 'vitest'
import { caseOf } from './case.ts'
import { expectShop, ROWS, runShop } from './shop.ts'

const java = caseOf('java.md', { needs: ['java', 'javac', 'mvn'] })

test('java.net.http and a filter of the server tell what they saw', async () => {
  const told = await runShop(java, { server: 'payments.sh', client: 'checkout.sh', rows: ROWS })
  await expectShop(java, told, { server: 'payments', client: 'checkout' })
})

test('the agent without code: status, request id, wait and limits, and no code', async () => {
  const { rows, requestIds } = await runShop(java, { server: 'payments.sh', client: 'agent.sh', rows: 2 })
  expect(rows.find(({ service }) => service === 'no-code')).toMatchObject({
    code: '',
    status: 429,
    standing: 'uncoded',
    side: 'client',
    request_id: requestIds[0],
    retry_after_ms: 1000,
  })
})
