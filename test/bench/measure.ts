import { cpus, totalmem } from 'node:os'

// How figures are taken: CPU seconds of the whole process (the engine's threads are in it), several rounds, the
// median to quote. Wall-clock time is printed beside it, for machines are shared and noisy.

export interface Cost {
  cpuSeconds: number
  wallSeconds: number
}

export async function cost(work: () => Promise<void> | void): Promise<Cost> {
  const cpu = process.cpuUsage()
  const started = performance.now()
  await work()
  const used = process.cpuUsage(cpu)
  return { cpuSeconds: (used.user + used.system) / 1e6, wallSeconds: (performance.now() - started) / 1000 }
}

export const median = (values: number[]): number => quantile(values, 0.5)

export function quantile(values: number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!
}

export function machine(): string {
  const { model } = cpus()[0]!
  return `${cpus().length} × ${model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}`
}

/** Spans (or rows) a CPU-second, as people write them. */
export function rate(count: number, { cpuSeconds }: Cost): string {
  const perSecond = count / cpuSeconds
  return perSecond >= 1e6 ? `${(perSecond / 1e6).toFixed(2)} M` : `${(perSecond / 1e3).toFixed(0)} k`
}

export const perMillion = (count: number, { cpuSeconds }: Cost): string =>
  ((cpuSeconds / count) * 1e6).toFixed(2)

export const residentMegabytes = (): number => Math.round(process.memoryUsage.rss() / 2 ** 20)

/** A table for eyes and for `docs/benchmarks.md` alike. */
export function table(title: string, rows: Record<string, string | number>[]): void {
  const names = Object.keys(rows[0] ?? {})
  console.log(`\n### ${title}\n`)
  console.log(`| ${names.join(' | ')} |`)
  console.log(`| ${names.map((_, i) => (i === 0 ? '---' : '---:')).join(' | ')} |`)
  for (const row of rows) console.log(`| ${names.map((name) => row[name]).join(' | ')} |`)
}
