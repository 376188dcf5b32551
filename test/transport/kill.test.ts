import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { range, tempDirectory } from './temp-journal.ts'

const KILLS = 8
const CHILD = new URL('killed-child.ts', import.meta.url).pathname

/**
 * One life of a process that takes payloads `from`, `from + 1`, … into a journal and stores what it reads from there.
 * Every payload it acknowledges is told to `acknowledged`, which kills it by returning true; else it ends by itself
 * after payload `until` and when everything is stored.
 */
async function live(directory: string, from: number, until: number, acknowledged: (n: number) => boolean) {
  const child = spawn(process.execPath, [CHILD, directory, String(from), String(until)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  // A line that was cut by the kill was not received: its payload is sent again in the next life.
  for await (const line of createInterface(child.stdout))
    if (/^ack \d+\.$/.test(line) && acknowledged(Number(line.slice(4, -1)))) child.kill('SIGKILL')
  return (await exited) as [number | null, string | null]
}

test(`${KILLS} times kill -9: what was acknowledged is stored, once, with all resends`, {
  timeout: 120_000,
}, async () => {
  const directory = await tempDirectory()
  await mkdir(join(directory, 'stored'))
  const acknowledged = new Set<number>()
  let next = 0
  for (let kill = 0; kill < KILLS; kill++) {
    // Anything from right away to after many segments.
    const lives = 1 + Math.floor(Math.random() ** 2 * 3000)
    let acks = 0
    const [, signal] = await live(directory, next, Number.MAX_SAFE_INTEGER, (n) => {
      acknowledged.add(n)
      return ++acks >= lives
    })
    expect(signal).toBe('SIGKILL')
    while (acknowledged.has(next)) next++
  }
  const last = Math.max(...acknowledged) + 100
  const [code] = await live(directory, next, last, (n) => {
    acknowledged.add(n)
    return false
  })
  expect(code).toBe(0)
  for (const n of range(0, last)) expect(acknowledged.has(n)).toBe(true)

  // Ranges adjoin, and together they hold every payload once.
  const ranges = (await readdir(join(directory, 'stored'))).sort()
  const stored: number[] = []
  for (const name of ranges) {
    const [first, end] = name.split('-').map(Number)
    expect(first).toBe(stored.length)
    stored.push(...JSON.parse(await readFile(join(directory, 'stored', name), 'utf8')))
    expect(end).toBe(stored.length)
  }
  expect(stored.length).toBeGreaterThanOrEqual(last)
  expect(new Set(stored).size).toBe(stored.length)
  expect([...stored].sort((a, b) => a - b).slice(0, last)).toEqual(range(0, last))
})
