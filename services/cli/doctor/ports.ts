import { createServer } from 'node:net'
import type { Config } from '../../config.ts'
import { type Finding, fail, ok } from './finding.ts'
import type { Instance } from './instance.ts'

/** Without an instance, both ports must be free for one; with one, spans must get through to it. */
export async function checkPorts(config: Config, instance: Instance | null): Promise<Finding[]> {
  if (instance !== null) return [await checkOtlp(instance)]
  const { host, port, otlpPort } = config
  const taken: Finding[] = []
  for (const [one, flag] of [
    [port, '--port'],
    [otlpPort, '--otlp-port'],
  ] as const) {
    const code = await listeningFails(host, one)
    if (code === null) continue
    const why = code === 'EADDRINUSE' ? 'is in use' : `cannot be listened on (${code})`
    taken.push(
      fail('ports', `${one} on ${host} ${why}`, `Stop what listens there, or choose another with ${flag}.`),
    )
  }
  return taken.length > 0 ? taken : [ok('ports', `${port} and ${otlpPort} on ${host} are free`)]
}

const PATIENCE_MS = 5_000

async function checkOtlp({ otlpUrl }: Instance): Promise<Finding> {
  if (otlpUrl === '') return ok('ports', 'this process takes no spans')
  const answer = await fetch(`${otlpUrl}/v1/traces`, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(
    (error: Error) => error,
  )
  // It takes POST only, and says so: that is an answer.
  if (!(answer instanceof Error)) return ok('ports', `spans are taken at ${otlpUrl}`)
  return fail(
    'ports',
    `nothing answers at ${otlpUrl}, where spans should be sent`,
    'If the instance is on another machine, ask there; else look at its log and start it again.',
  )
}

/** Why it cannot be listened on; null if it can. */
const listeningFails = (host: string, port: number): Promise<string | null> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', ({ code, message }: NodeJS.ErrnoException) => resolve(code ?? message))
    server.listen(port, host, () => server.close(() => resolve(null)))
  })
