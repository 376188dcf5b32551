import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startUp } from '../e2e/up.ts'
import { median, table } from './measure.ts'
import { cpuSecondsOf, residentMegabytesOf } from './process-cost.ts'

// How long `telltale up` takes to be ready, and what it costs when nothing happens.

const ROUNDS = 5
const IDLE_MS = 10_000

async function once(data: string) {
  const started = performance.now()
  const up = await startUp(data)
  const seconds = (performance.now() - started) / 1000
  return { up, seconds, pid: up.process.pid! }
}

const fresh: number[] = []
const again: number[] = []
for (let round = 0; round < ROUNDS; round++) {
  const data = mkdtempSync(join(tmpdir(), 'telltale-bench-'))
  for (const times of [fresh, again]) {
    const { up, seconds } = await once(data)
    times.push(seconds)
    await up.stop()
  }
  rmSync(data, { recursive: true })
}

const data = mkdtempSync(join(tmpdir(), 'telltale-bench-'))
const { up, pid } = await once(data)
await delay(2_000)
const cpu = cpuSecondsOf(pid)
await delay(IDLE_MS)
const idle = ((cpuSecondsOf(pid) - cpu) / IDLE_MS) * 1000 * 100
const resident = residentMegabytesOf(pid)
await up.stop()
rmSync(data, { recursive: true })

table('telltale up', [
  { what: 'ready on a new directory, s', figure: median(fresh).toFixed(2) },
  { what: 'ready on one it has, s', figure: median(again).toFixed(2) },
  { what: 'RSS idle, MB', figure: resident },
  { what: 'CPU idle, % of a core', figure: idle.toFixed(1) },
])
