import { test } from 'vitest'
import { caseOf } from './case.ts'
import { expectNoCode, expectShop, ROWS, runShop } from './shop.ts'

const java = caseOf('java.md', { needs: ['java', 'javac', 'mvn'] })

test('java.net.http and a filter of the server tell what they saw', async () => {
  const told = await runShop(java, { server: 'payments.sh', client: 'checkout.sh', rows: ROWS })
  await expectShop(java, told, { server: 'payments', client: 'checkout' })
})

test('the agent without code: status, request id, wait and limits, and no code', async () => {
  expectNoCode(await runShop(java, { server: 'payments.sh', client: 'agent.sh', rows: 2 }))
})
