import type { Server } from 'node:http'
import { listen, report, untilTold } from '../child.ts'
import type { ServiceName, VendorName } from '../scenario.ts'
import '../names.ts'
import { sdk } from './sdk.ts'

/** What a service is started with. */
export interface ServiceSettings {
  name: ServiceName
  version: string
  /** 0 takes any free one. */
  port: number
  /** Where others are that run already. */
  urls: Partial<Record<ServiceName | VendorName, string>>
}

export const settings = JSON.parse(process.argv[2] ?? '{}') as ServiceSettings

/** The address of another service or API, which has to run by now. */
export function urlOf(name: ServiceName | VendorName): string {
  const url = settings.urls[name]
  if (url === undefined) throw new Error(`${settings.name} is started before ${name}`)
  return url
}

export async function serve(server: Server): Promise<void> {
  untilTold(async () => {
    server.close()
    server.closeAllConnections()
    await sdk.shutdown()
  })
  report({ ready: { [settings.name]: await listen(server, settings.port) } })
}
