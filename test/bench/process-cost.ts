import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const TICKS_A_SECOND = 100

/** CPU seconds that a process and all its threads have used so far. */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND
}

export function residentMegabytesOf(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!
  return Math.round(Number(kilobytes) / 1024)
}

/** Threads that wait for work use a little themselves. */
const isIdle = (used: number) => used < 0.1

/** CPU seconds that processes have used, together, once they rest: merges come after what is asked for. */
export async function cpuAtRest(pids: number[], limitMs = 30_000): Promise<number> {
  const total = () => pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0)
  const deadline = performance.now() + limitMs
  for (let last = total(); ; ) {
    await delay(1_000)
    const now = total()
    if (isIdle(now - last) || performance.now() > deadline) return now
    last = now
  }
}

/** A process and all that it will start run on one core, so that others do not share its caches or time. */
export function pin(pid: number, core: number): void {
  execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' })
}
