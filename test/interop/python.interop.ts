import { test } from 'vitest'
import { caseOf } from './case.ts'
import { expectNoCode, expectShop, ROWS, runShop } from './shop.ts'
import { PYTHON } from './tools.ts'

// What the test line has no time for; the rest is in python.test.ts.

const python = caseOf('python.md', PYTHON)

test('FastAPI tells what it saw', async () => {
  const told = await runShop(python, { server: 'payments-fastapi.sh', client: 'checkout.sh', rows: ROWS })
  await expectShop(python, told, { server: 'payments-fastapi', client: 'checkout' })
})

test('without code: status, request id, wait and limits, and no code', async () => {
  expectNoCode(await runShop(python, { server: 'payments.sh', client: 'no-code.sh', rows: 2 }))
})
