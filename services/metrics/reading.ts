import { Counter, Gauge, type Registry } from 'prom-client'

/** One number, or one a set of labels. */
export type Reading = number | [labels: Record<string, string | number>, value: number][]

interface Metric {
  name: string
  help: string
  labels?: string[]
  /** Called when somebody asks; whoever counts only adds to a plain number. */
  read: () => Reading | Promise<Reading>
}

/** Only ever grows; its name ends in `_total`. */
export function counter(registry: Registry, { name, help, labels = [], read }: Metric): void {
  const metric = new Counter({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    async collect(): Promise<void> {
      const reading = await read()
      metric.reset()
      if (typeof reading === 'number') metric.inc(reading)
      else for (const [of, value] of reading) metric.inc(of, value)
    },
  })
}

/** How it stands at the moment. */
export function gauge(registry: Registry, { name, help, labels = [], read }: Metric): void {
  const metric = new Gauge({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    async collect(): Promise<void> {
      const reading = await read()
      if (typeof reading === 'number') return metric.set(reading)
      metric.reset()
      for (const [of, value] of reading) metric.set(of, value)
    },
  })
}
