import type { Client } from '../client.ts'
import type { Derived } from './derived.ts'

/** Does the table hold as much of a day as its bases say it must? */
export async function agrees(client: Client, { holds, must }: Derived, date: string): Promise<boolean> {
  const [has] = await client.query(holds(`'${date}'`))
  const [needs] = await client.query(must(`'${date}'`))
  const isEqual = (amount: 'n' | 'of_attempts') => Number(has?.[amount] ?? 0) === Number(needs?.[amount] ?? 0)
  return isEqual('n') && isEqual('of_attempts')
}
