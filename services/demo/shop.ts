import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileForHook } from '../catalog/compile-for-hook.ts'
import { loadCatalogs } from '../catalog/load.ts'
import type { Report } from './child.ts'
import { type Process, start } from './processes.ts'
import { HOSTS, NEW_CHECKOUT, type ServiceName, VERSIONS, type VendorName } from './scenario.ts'
import { SHOP_CATALOGS } from './shop-catalogs.ts'
import type { Timeline } from './timeline.ts'

export interface ShopOptions {
  timeline: Timeline
  /** Where spans are sent. */
  otlpUrl: string
  token: string | undefined
  /** The user's directories of catalogs, beside which the shop's own stands. */
  catalogs: readonly string[]
  /** Ends with the history. */
  once: boolean
  progress: (share: number, requests: number) => void
}

export interface Shop {
  /** The history is told, and everything of it is sent if nothing live follows; how many requests that were. */
  history: Promise<number>
  /** Something ended that should not have. */
  failed: Promise<never>
  stop(): Promise<void>
}

/** Opens the shop: each service and the world around them in a process of its own. */
export async function openShop(options: ShopOptions): Promise<Shop> {
  const { timeline, once, progress } = options
  const directory = await mkdtemp(join(tmpdir(), 'telltale-demo-'))
  const running = new Map<string, Process>()
  const urls: Partial<Record<ServiceName | VendorName, string>> = {}
  const told = Promise.withResolvers<number>()
  const broken = Promise.withResolvers<never>()
  for (const { promise } of [told, broken]) promise.catch(() => {})

  async function stopOne(name: string): Promise<void> {
    const process = running.get(name)
    running.delete(name)
    await process?.stop()
  }
  async function stop(): Promise<void> {
    // First who asks, then who is asked.
    for (const name of ['world', 'mailer', 'storefront', 'checkout', 'fulfilment']) await stopOne(name)
    await rm(directory, { recursive: true, force: true })
  }

  const hear = (report: Report): void => {
    if ('progress' in report) progress(report.progress, report.requests)
    else if ('reached' in report) reached(report.reached).catch(broken.reject)
    else if ('done' in report) told.resolve(report.requests)
  }
  const common = { hear, failed: broken.reject }

  /** What the story has happen to the shop's processes. */
  async function reached(milestone: string): Promise<void> {
    if (milestone === 'deployed') {
      const port = Number(new URL(urls.checkout!).port)
      await stopOne('checkout')
      await startService('checkout', NEW_CHECKOUT, port)
    } else await stopOne('mailer')
    running.get('world')?.tell({ go: true })
  }

  async function startService(name: ServiceName, version = VERSIONS[name], port = 0): Promise<void> {
    const process = await start({
      ...common,
      module: `./shop/${name}`,
      imports: ['./shop/sdk', '../instrumentation/register'],
      env: environmentOf(name, version, catalogFile, options),
      argument: { name, version, port, urls },
    })
    running.set(name, process)
    urls[name] = `http://${HOSTS[name]}:${process.ports[name]}`
  }

  const catalogFile = join(directory, 'catalogs.json')
  try {
    const { catalogs } = await loadCatalogs([SHOP_CATALOGS, ...options.catalogs])
    await writeFile(catalogFile, JSON.stringify(compileForHook(catalogs)))
    const world = await start({ ...common, module: './world/main', argument: timeline })
    running.set('world', world)
    for (const [name, port] of Object.entries(world.ports))
      urls[name as VendorName] = `http://${HOSTS[name as VendorName]}:${port}`
    await Promise.all([startService('checkout'), startService('fulfilment')])
    await startService('storefront')
    await startService('mailer')
    world.tell({ open: { urls, once } })
  } catch (error) {
    await stop()
    throw error
  }
  return { history: told.promise, failed: broken.promise, stop }
}

/** Documented variables, all of them: OpenTelemetry's own, and the hook's. */
function environmentOf(
  name: ServiceName,
  version: string,
  catalogFile: string,
  { otlpUrl, token }: ShopOptions,
): Record<string, string> {
  return {
    OTEL_SERVICE_NAME: name,
    OTEL_RESOURCE_ATTRIBUTES: `service.version=${version},deployment.environment.name=demo`,
    OTEL_NODE_RESOURCE_DETECTORS: 'env',
    OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl,
    ...(token !== undefined && { OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${token}` }),
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    TELLTALE_COMPILED_CATALOGS: catalogFile,
  }
}
