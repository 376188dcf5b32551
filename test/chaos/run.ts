import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startUp, type Up } from '../e2e/up.ts'
import { audit } from './audit.ts'
import { STEPS } from './kill-at.ts'
import { keepSending, nothingSent } from './sender.ts'

const KILL_AT = join(import.meta.dirname, 'kill-at.ts')
const SENDERS = 6
/** Long enough for several blocks, short enough for many kills. */
const LONGEST_LIFE_MS = 3_000

export interface Report {
  kills: Map<string, number>
  payloads: number
  errors: number
  calls: number
  /** What the store and the ledger do not agree on. */
  differences: string[]
  /** Times a part had to be mended, from the log. */
  mended: number
}

/**
 * Kills the real process `kills` times with SIGKILL under load, in turn at each step and at random moments, while
 * clients send each payload until it is acknowledged. Then holds every table against what was acknowledged.
 */
export async function chaos(
  data: string,
  kills: number,
  progress: (line: string) => void = () => {},
): Promise<Report> {
  const ledger = nothingSent()
  const report = { kills: new Map<string, number>(), mended: 0 }
  let up: Up | null = null
  let enough = false
  const senders = Array.from({ length: SENDERS }, () =>
    keepSending(
      () => up?.otlpUrl ?? null,
      () => enough,
      ledger,
    ),
  )
  // A sender that throws ends the run; without this it would count as unhandled before anybody waits for it.
  const sending = Promise.all(senders)
  sending.catch(() => {})

  const start = async (killAt: string) => {
    const options = { node: ['--import', KILL_AT], env: { KILL_AT: killAt } }
    // It may die on the way up: then there is nothing to wait for.
    up = await startUp(data, options).catch(() => null)
    return up
  }

  for (let kill = 0; kill < kills; kill++) {
    const aimed = kill % 3 !== 2
    const step = aimed ? STEPS[(kill - Math.floor(kill / 3)) % STEPS.length]! : 'at random'
    const times = 1 + Math.floor(Math.random() * 4)
    const child = await start(aimed ? `${step}:${times}` : '')
    report.kills.set(step, (report.kills.get(step) ?? 0) + 1)
    if (child !== null) {
      const died =
        child.process.exitCode !== null || child.process.signalCode !== null
          ? null
          : once(child.process, 'exit')
      const life = aimed ? LONGEST_LIFE_MS : Math.random() * LONGEST_LIFE_MS
      await Promise.race([died, delay(life)])
      // A step that did not come in time is as good a moment as any.
      child.process.kill('SIGKILL')
      await died
      if (child.said().includes('mended')) report.mended++
    }
    up = null
    progress(`${kill + 1}/${kills} ${step}; ${ledger.payloads} payloads acknowledged`)
  }

  const last = await startUp(data)
  up = last
  enough = true
  await sending
  const code = await last.stop()
  if (last.said().includes('mended')) report.mended++
  if (code !== 0) throw new Error(`the last run ended with ${code}:\n${last.said()}`)
  const { payloads, errors, calls } = ledger
  return { ...report, payloads, errors, calls, differences: await audit(data, ledger) }
}
