import { test } from 'vitest'
import { caseOf } from './case.ts'
import { expectShop, ROWS, runShop } from './shop.ts'
import { PYTHON } from './tools.ts'

const python = caseOf('python.md', PYTHON)

test('requests and Flask tell what each saw', async () => {
  const told = await runShop(python, { server: 'payments.sh', client: 'checkout.sh', rows: ROWS })
  await expectShop(python, told, { server: 'payments', client: 'checkout' })
})
