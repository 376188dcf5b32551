import { median, table } from './measure.ts'

const ROUNDS_OF_WARMING = 5

/** What the hook adds to each case, beside the same without it, round by round. */
export async function tableOfAdded<Case extends { what: string }>(
  title: string,
  column: string,
  parts: {
    cases: Case[]
    rounds: number
    batch: number
    hook: { enable(): void; disable(): void }
    once: (one: Case) => void
  },
): Promise<void> {
  const { cases, rounds, batch, hook, once } = parts
  async function microseconds(one: Case): Promise<number> {
    const cpu = process.cpuUsage()
    for (let i = 0; i < batch; i++) {
      once(one)
      if (i % 100 === 0) await new Promise((next) => setImmediate(next))
    }
    const { user, system } = process.cpuUsage(cpu)
    return (user + system) / batch
  }
  const rows = []
  for (const one of cases) {
    const without: number[] = []
    const added: number[] = []
    for (let round = 0; round < rounds; round++) {
      hook.disable()
      const before = await microseconds(one)
      hook.enable()
      const after = await microseconds(one)
      if (round < ROUNDS_OF_WARMING) continue
      without.push(before)
      added.push(after - before)
    }
    rows.push({
      [column]: one.what,
      'with the official span, µs': median(without).toFixed(1),
      'the hook adds, µs': median(added).toFixed(1),
    })
  }
  table(title, rows)
}
