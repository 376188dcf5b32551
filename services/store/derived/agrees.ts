import type { Client } from '../client.ts'
import { quotedDates } from './days.ts'
import type { Derived } from './derived.ts'

type Asking = Pick<Client, 'query'>

/** How much is held of a day; what the second of two base tables feeds, apart. */
interface Amounts {
  n: number
  ofAttempts: number
}
/** A day without an answer is one that nothing is held of. */
const NOTHING: Amounts = { n: 0, ofAttempts: 0 }

/** A day of which a table does not hold as much as its bases say it must. */
export interface Difference {
  day: number
  has: Amounts
  needs: Amounts
}

/** Of these days, those that differ. */
export async function differences(
  client: Asking,
  { holds, must }: Derived,
  days: number[],
): Promise<Difference[]> {
  if (days.length === 0) return []
  const dates = quotedDates(days)
  const [held, needed] = [await amountsByDay(client, holds(dates)), await amountsByDay(client, must(dates))]
  return days
    .map((day) => ({ day, has: held.get(day) ?? NOTHING, needs: needed.get(day) ?? NOTHING }))
    .filter(({ has, needs }) => has.n !== needs.n || has.ofAttempts !== needs.ofAttempts)
}

/** Does it hold as much of a day as it must? */
export const agrees = async (client: Asking, derived: Derived, day: number): Promise<boolean> =>
  (await differences(client, derived, [day])).length === 0

/** Many tables are held against the same base, which is asked once; for as long as nothing changes. */
export function askingOnce(client: Asking): Asking {
  const answers = new Map<string, ReturnType<Asking['query']>>()
  return { query: (sql) => answers.get(sql) ?? answers.set(sql, client.query(sql)).get(sql)! }
}

async function amountsByDay(client: Asking, sql: string): Promise<Map<number, Amounts>> {
  const rows = await client.query(sql)
  return new Map(
    rows.map((row) => [Number(row.day), { n: Number(row.n), ofAttempts: Number(row.of_attempts ?? 0) }]),
  )
}
