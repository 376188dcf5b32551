import { median, table } from './measure.ts'

// The hook is switched on and off in turns, each turn long enough that the engine has settled: switching changes methods of
// Node's classes, and whoever calls one is compiled anew, which a program that runs on pays once.
const TURNS = 8
const BATCH = 2000
const BATCHES_TO_SETTLE = 5
const BATCHES = 7

export interface Toggled {
  enable(): void
  disable(): void
}

/** What the hook adds to each case, beside the same without it, turn by turn. */
export async function tableOfAdded<Case extends { what: string }>(
  title: string,
  column: string,
  { cases, hook, once }: { cases: Case[]; hook: Toggled; once: (one: Case) => void },
): Promise<void> {
  async function batch(one: Case): Promise<number> {
    const cpu = process.cpuUsage()
    for (let i = 0; i < BATCH; i++) {
      once(one)
      if (i % 100 === 0) await new Promise((next) => setImmediate(next))
    }
    const { user, system } = process.cpuUsage(cpu)
    return (user + system) / BATCH
  }
  async function turn(one: Case): Promise<number> {
    for (let i = 0; i < BATCHES_TO_SETTLE; i++) await batch(one)
    const settled: number[] = []
    for (let i = 0; i < BATCHES; i++) settled.push(await batch(one))
    return median(settled)
  }
  const rows = []
  for (const one of cases) {
    const without: number[] = []
    const added: number[] = []
    for (let i = 0; i < TURNS; i++) {
      hook.disable()
      const before = await turn(one)
      hook.enable()
      const after = await turn(one)
      // The first turn compiles.
      if (i === 0) continue
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
