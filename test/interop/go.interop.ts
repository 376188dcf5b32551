import { test } from 'vitest'
import { caseOf } from './case.ts'
import { expectShop, ROWS, runShop } from './shop.ts'

const go = caseOf('go.md', { needs: ['go'] })

test('net/http tells what client and server saw', async () => {
  const told = await runShop(go, { server: 'payments.sh', client: 'checkout.sh', rows: ROWS })
  await expectShop(go, told, { server: 'payments', client: 'checkout' })
})
