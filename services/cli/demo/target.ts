import type { LoadedConfig } from '../../config.ts'
import { SHOP_CATALOGS } from '../../demo/shop-catalogs.ts'
import type { Answer } from '../answers/answer.ts'
import { ask } from '../answers/ask.ts'
import { complain } from '../run.ts'
import { start } from '../serve/serve.ts'

/** Where the demo's spans go, and who is asked what became of them. */
export interface Target {
  url: string
  otlpUrl: string
  token: string | undefined
  /** It was started for the demo, in this process. */
  isOwn: boolean
  ask: <T>(path: string) => Promise<Answer<T> | { status: 'absent' }>
  stop(): Promise<void>
}

interface Health {
  otlp_url: string
}

/** A running instance, else one that is started; null where neither can be, which has then been said. */
export async function targetFor({ config, sources }: LoadedConfig): Promise<Target | null> {
  const wantsOwn = sources.url === 'default' && (sources.port === 'flag' || sources.otlpPort === 'flag')
  const health = wantsOwn ? { status: 'absent' as const } : await ask<Health>(config.url, '/healthz')
  if (health.status === 'absent' && sources.url !== 'default') {
    complain(`nothing runs at ${config.url}. Without --url and TELLTALE_URL, one is started.`)
    return null
  }
  if (health.status === 'absent') return ownTarget(config)
  if (health.status !== 'answered') {
    complain(health.message)
    return null
  }
  if (health.data.otlp_url === '') {
    complain(`${config.url} takes no spans; give the address of a telltale that does with --url.`)
    return null
  }
  const otlpUrl = new URL(health.data.otlp_url)
  // What it listens on; how it is reached from here is known from its other port.
  otlpUrl.hostname = new URL(config.url).hostname
  return targetAt(config.url, otlpUrl.origin, config.token, false, async () => {})
}

async function ownTarget(config: LoadedConfig['config']): Promise<Target | null> {
  const running = await start('up', {
    ...config,
    logLevel: 'warn',
    catalogs: [...config.catalogs, SHOP_CATALOGS],
  })
  if (running === null) return null
  complain(`started at ${running.urls.api}, takes spans at ${running.urls.otlp}`)
  return targetAt(running.urls.api, running.urls.otlp!, config.token, true, running.stop)
}

const targetAt = (
  url: string,
  otlpUrl: string,
  token: string | undefined,
  isOwn: boolean,
  stop: () => Promise<void>,
): Target => ({ url, otlpUrl, token, isOwn, stop, ask: (path) => ask(url, path, { token }) })

/** Why the demo may not send there, or not ask; null when it may. */
export async function refusalOf(target: Target): Promise<string | null> {
  const { otlpUrl, token, url } = target
  const sent = await fetch(`${otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: '{"resourceSpans":[]}',
  }).catch(() => null)
  if (sent === null) return `${otlpUrl}, where ${url} takes spans, does not answer.`
  await sent.arrayBuffer()
  const asked = await target.ask('/api/v1/codes?limit=1')
  if (sent.status === 401 || sent.status === 403 || (asked.status === 'refused' && token === undefined))
    return `${url} wants a token that may send and read. Make one there with \`telltale token create --scope read,ingest\`, and set TELLTALE_TOKEN to it.`
  if (!sent.ok) return `${otlpUrl} does not take spans now (HTTP ${sent.status}).`
  if (asked.status === 'refused' || asked.status === 'failed') return asked.message
  return null
}

/** One that ran already knows the vendors' codes, and not the shop's. */
export async function noteMissingCatalog(target: Target): Promise<void> {
  const { status } = await target.ask('/api/v1/catalogs/shop')
  if (status === 'refused')
    complain(
      `the shop's own codes are in no catalog at ${target.url}; it has them when started with --catalogs ${SHOP_CATALOGS}`,
    )
}
