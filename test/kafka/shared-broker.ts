import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { type Broker, startBroker } from './broker.ts'

// One broker for a whole run, started when the first test asks for it: most runs of single files need none.

declare module 'vitest' {
  export interface ProvidedContext {
    kafka: string
  }
}

export default async function sharedBroker(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<Broker | null> | null = null
  const server = createServer(async (_, response) => {
    try {
      started ??= startBroker()
      response.end(JSON.stringify((await started)?.brokers ?? null))
    } catch (error) {
      response.writeHead(500).end(String(error))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  project.provide('kafka', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return async () => {
    server.close()
    await (await started?.catch(() => null))?.stop()
  }
}
