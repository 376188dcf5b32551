import type { Server } from 'node:http'
import { listen, report, untilTold } from '../child.ts'
import '../names.ts'
import type { ServiceName } from '../scenario.ts'
import type { Timeline } from '../timeline.ts'
import { VENDORS } from '../vendors.ts'
import { vendorServer } from './vendor.ts'
import { visit } from './visitors.ts'

// What is not the shop: the vendors' APIs, and everybody who sends requests to the shop. Other people's, so without an SDK.

/** Said once all of the shop runs. */
export interface Open {
  open: { urls: Record<ServiceName, string>; once: boolean }
}

const timeline = JSON.parse(process.argv[2] ?? '{}') as Timeline
const servers: Server[] = []
let goOn = () => {}

untilTold(async () => {
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
})

process.on('message', (message: Open | { go: true } | string) => {
  if (typeof message === 'string') return
  if ('go' in message) goOn()
  else
    void visit({
      ...message.open,
      timeline,
      report,
      reached: (name) =>
        new Promise((resolve) => {
          goOn = resolve
          report({ reached: name })
        }),
    })
})

const ports: Record<string, number> = {}
for (const [name, vendor] of Object.entries(VENDORS)) {
  const server = vendorServer(vendor, timeline)
  servers.push(server)
  ports[name] = await listen(server)
}
report({ ready: ports })
