import type { LoadedConfig } from '../../config.ts'
import { VERSION } from '../../contract/version.ts'
import { ask } from '../answers/ask.ts'
import { counted } from '../text/numbers.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

/** A running instance, as far as anybody may ask. */
export interface Instance {
  url: string
  otlpUrl: string
}

interface Alive {
  version: string
  spans_received: number
  otlp_url: string
}

/** Is there one, can it do its work, and may we ask it? Null where none runs. */
export async function checkInstance({
  config,
  sources,
}: LoadedConfig): Promise<{ findings: Finding[]; instance: Instance | null }> {
  const { url, token } = config
  const alive = await ask<Alive>(url, '/healthz')
  if (alive.status === 'absent') {
    const found = `none runs at ${url}`
    const advice = 'Start one with `telltale up`, or say where it is with --url or TELLTALE_URL.'
    const finding =
      sources.url === 'default' ? ok('instance', `${found}; looking here`) : fail('instance', found, advice)
    return { findings: [finding], instance: null }
  }
  if (alive.status !== 'answered')
    return {
      findings: [fail('instance', alive.message, 'Stop what answers there, or change TELLTALE_URL.')],
      instance: null,
    }

  const { version, spans_received, otlp_url } = alive.data
  const found = `${url} runs ${version}, ${counted(spans_received, 'span')} since its start`
  const findings = [
    version === VERSION
      ? ok('instance', found)
      : warn('instance', `${found}; this command is ${VERSION}`, 'Upgrade the older of the two.'),
  ]
  const ready = await ask(url, '/readyz')
  if (ready.status === 'answered') findings.push(ok('ready', 'store, transport and consumer are'))
  else
    findings.push(
      fail('ready', ready.status === 'absent' ? 'it has just stopped' : ready.message, 'Its log says more.'),
    )

  const allowed = await ask(url, '/api/v1/codes?limit=1&from=-1m', { token })
  if (allowed.status === 'answered')
    findings.push(ok('access', token ? 'the token is taken' : 'no token is needed'))
  else if (allowed.status !== 'absent')
    findings.push(
      fail(
        'access',
        allowed.message,
        'Make one with `telltale token create --scope read` and set TELLTALE_TOKEN.',
      ),
    )
  return { findings, instance: { url, otlpUrl: otlp_url } }
}
