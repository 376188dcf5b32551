import type { Config } from '../../config.ts'
import { duration } from '../text/numbers.ts'
import { type Finding, ok, warn } from './finding.ts'
import type { Instance } from './instance.ts'

/** Date headers have whole seconds, and an answer takes its time. */
const TOLERATED_MS = 5_000
/** What is further ahead is clamped when it arrives. */
const AHEAD_MS = 3_600_000
const PATIENCE_MS = 5_000
const NTP = 'Look at time synchronisation (NTP, chrony) on both machines.'

/** Does this clock agree with what else tells the time: the instance or the server, and what is stored? */
export async function checkClock(
  { clickhouse }: Config,
  instance: Instance | null,
  newest: number | null,
): Promise<Finding[]> {
  const now = Date.now()
  const findings: Finding[] = []
  const { url: other, date: theirs } = await firstDate(instance?.url ?? clickhouse.url)
  if (theirs !== null) {
    const apart = Math.abs(theirs - Date.now())
    if (apart > TOLERATED_MS)
      findings.push(warn('clock', `${duration(apart)} from the clock of ${other}`, NTP))
  }
  if (newest !== null && newest > now + TOLERATED_MS)
    findings.push(
      warn(
        'clock',
        `the newest stored error is ${duration(newest - now)} ahead of this clock`,
        `Either this clock or that of a service is wrong. ${NTP} Times more than ${duration(AHEAD_MS)} ahead are clamped.`,
      ),
    )
  const { length } = findings
  return length > 0
    ? findings
    : [
        ok(
          'clock',
          `${new Date(now).toISOString().slice(0, 19)}Z${theirs === null ? '' : `, as at ${other}`}`,
        ),
      ]
}

/** At the first of these addresses that answers. */
async function firstDate(urls = ''): Promise<{ url: string; date: number | null }> {
  for (const url of urls.split(',').filter(Boolean)) {
    const date = await dateOf(url)
    if (date !== null) return { url, date }
  }
  return { url: urls, date: null }
}

async function dateOf(url: string): Promise<number | null> {
  const response = await fetch(new URL('/healthz', url), { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(
    () => null,
  )
  // Every HTTP server tells it, whatever else it says.
  const date = Date.parse(response?.headers.get('date') ?? '')
  return Number.isNaN(date) ? null : date
}
