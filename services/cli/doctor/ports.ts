import { createServer } from 'node:net'
import type { Config } from '../../config.ts'
import { type Finding, fail, ok } from './finding.ts'
import type { Instance } from './instance.ts'

/** Without an instance, both ports must be free for one; with one, spans must get through to it. */
export const checkPorts = async (config: Config, instance: Instance | null): Promise<Finding[]> =>
  instance === null ? freePorts(config, true) : [await checkOtlp(instance)]

/** Those that a process would listen on. */
export async function freePorts({ host, port, otlpPort }: Config, takesSpans: boolean): Promise<Finding[]> {
  const wanted = [{ number: port, flag: '--port' }]
  if (takesSpans) wanted.push({ number: otlpPort, flag: '--otlp-port' })
  const taken: Finding[] = []
  for (const { number, flag } of wanted) {
    const code = await listeningFails(host, number)
    if (code === null) continue
    const why = code === 'EADDRINUSE' ? 'is in use' : `cannot be listened on (${code})`
    taken.push(
      fail(
        'ports',
        `${number} on ${host} ${why}`,
        `Stop what listens there, or choose another with ${flag}.`,
      ),
    )
  }
  if (taken.length > 0) return taken
  const numbers = wanted.map(({ number }) => number).join(' and ')
  return [ok('ports', `${numbers} on ${host} ${wanted.length > 1 ? 'are' : 'is'} free`)]
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
