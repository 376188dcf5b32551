import type { Client } from '../client.ts'
import { dayOf } from './days.ts'
import type { Derived } from './derived.ts'

type Asking = Pick<Client, 'query'>

/** Of these dates, those of which the table does not hold as much as its bases say it must. */
export async function datesThatDiffer(
  client: Asking,
  { holds, must }: Derived,
  dates: string[],
): Promise<string[]> {
  if (dates.length === 0) return []
  const list = dates.map((date) => `'${date}'`).join(', ')
  const [held, needed] = [byDay(await client.query(holds(list))), byDay(await client.query(must(list)))]
  return dates.filter((date) => held.get(dayOf(date)) !== needed.get(dayOf(date)))
}

/** Does it hold as much of a day as it must? */
export const agrees = async (client: Asking, derived: Derived, date: string): Promise<boolean> =>
  (await datesThatDiffer(client, derived, [date])).length === 0

/** Many tables are held against the same base, which is asked once; for as long as nothing changes. */
export function askingOnce(client: Asking): Asking {
  const answers = new Map<string, ReturnType<Asking['query']>>()
  return { query: (sql) => answers.get(sql) ?? answers.set(sql, client.query(sql)).get(sql)! }
}

/** A day without an answer is one that nothing is held of. */
function byDay(rows: Record<string, unknown>[]): Map<number, string> {
  const amounts = rows.map(
    ({ day, n, of_attempts }) => [Number(n), Number(of_attempts ?? 0), Number(day)] as const,
  )
  return new Map(
    amounts
      .filter(([n, ofAttempts]) => n !== 0 || ofAttempts !== 0)
      .map(([n, ofAttempts, day]) => [day, `${n} ${ofAttempts}`]),
  )
}
