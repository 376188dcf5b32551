import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startUp, type Up } from '../e2e/up.ts'
import { audit } from './audit.ts'
import { STEPS, type Step, struckAt } from './kill-at.ts'
import { keepSending, nothingSent } from './sender.ts'

const KILL_AT = join(import.meta.dirname, 'kill-at.ts')
const SENDERS = 6
/** Long enough for several blocks, short enough for many kills. */
const LONGEST_RANDOM_LIFE_MS = 3_000
/** A step comes within a few blocks; a segment takes longest to fill. */
const STEP_DEADLINE_MS = 30_000
/** Small, so that segments of the journal fill and are released while it is killed. */
const CONFIGURATION = 'limits: { journal_bytes: 64MiB }\n'

export interface Report {
  /** Processes that died at exactly this step, or at random. */
  kills: Map<Step | 'at random', number>
  payloads: number
  errors: number
  calls: number
  /** What the store and the ledger do not agree on. */
  differences: string[]
  /** Times a part had to be mended, from the log. */
  mended: number
}

/**
 * Kills the real process `count` times with SIGKILL under load, in turn at each step and at random moments, while
 * clients send each payload until it is acknowledged. Then holds every table against what was acknowledged.
 */
export async function chaos(
  data: string,
  count: number,
  progress: (line: string) => void = () => {},
  /** Every how many-th is at a random moment. */
  randomEvery = 3,
): Promise<Report> {
  const configuration = mkdtempSync(join(tmpdir(), 'telltale-chaos-configuration-'))
  const config = join(configuration, 'telltale.yaml')
  writeFileSync(config, CONFIGURATION)
  const ledger = nothingSent()
  const kills: Report['kills'] = new Map()
  let mended = 0
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

  /** Lives until the step kills it from within, or is killed at some moment; what it had to say. */
  async function life(step: Step | null): Promise<string> {
    const times = step?.endsWith('release') ? 1 : 1 + Math.floor(Math.random() * 3)
    let child: Up
    try {
      child = await startUp(data, {
        flags: ['--config', config],
        node: ['--import', KILL_AT],
        env: { KILL_AT: step === null ? '' : `${step}:${times}` },
      })
    } catch (error) {
      // On the way up it may strike already; any other end there is wrong.
      const said = String(error)
      if (step === null || !said.includes(struckAt(step))) throw error
      return said
    }
    up = child
    const died = once(child.process, 'close')
    if (child.process.exitCode === null && child.process.signalCode === null) {
      const longest = step === null ? Math.random() * LONGEST_RANDOM_LIFE_MS : STEP_DEADLINE_MS
      await Promise.race([died, delay(longest, undefined, { ref: false })])
      child.process.kill('SIGKILL')
      await died
    }
    up = null
    if (step !== null && !child.said().includes(struckAt(step)))
      throw new Error(`no death ${step} within ${STEP_DEADLINE_MS} ms:\n${child.said()}`)
    return child.said()
  }

  for (let kill = 0; kill < count; kill++) {
    const aimed = kill % randomEvery !== randomEvery - 1
    const step = aimed ? STEPS[(kill - Math.floor(kill / randomEvery)) % STEPS.length]! : null
    if ((await life(step)).includes('mended')) mended++
    const name = step ?? 'at random'
    kills.set(name, (kills.get(name) ?? 0) + 1)
    progress(`${kill + 1}/${count} ${name}; ${ledger.payloads} payloads acknowledged`)
  }

  const last = await startUp(data)
  up = last
  enough = true
  await sending
  const code = await last.stop()
  if (last.said().includes('mended')) mended++
  if (code !== 0) throw new Error(`the last run ended with ${code}:\n${last.said()}`)
  const { payloads, errors, calls } = ledger
  rmSync(configuration, { recursive: true })
  return { kills, mended, payloads, errors, calls, differences: await audit(data, ledger) }
}
