import { collectDefaultMetrics, Registry } from 'prom-client'
import { gauge } from './reading.ts'

/** Lists of every socket and timer: dear to make, and of no use here. Three of them are gauges called totals besides. */
const UNWANTED = ['resources', 'handles', 'requests'].flatMap((of) => [
  `nodejs_active_${of}`,
  `nodejs_active_${of}_total`,
])

/** All that this process says of itself, at first what any Node process has to say: processor, memory, event loop, GC. */
export function newRegistry(version: string): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const name of UNWANTED) registry.removeSingleMetric(name)
  gauge(registry, {
    name: 'telltale_build_info',
    help: 'always 1; which telltale and which Node this is',
    labels: ['version', 'node'],
    read: () => [[{ version, node: process.versions.node }, 1]],
  })
  return registry
}
