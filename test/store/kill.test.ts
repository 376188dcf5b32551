import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { ledgerMustBe, ledgerOf } from './ledger.ts'
import { numberedBlock } from './numbered-block.ts'
import { temporaryStore } from './temp-store.ts'

const KILLS = 6
const LONGEST_LIFE_MS = 600
const directory = mkdtempSync(join(tmpdir(), 'telltale-kill-'))
const position = () => JSON.parse(readFileSync(join(directory, 'position.json'), 'utf8')).position as number

function startChild(last: number) {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'killed-child.ts'), directory, String(last)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const ready = Promise.withResolvers<void>()
  createInterface({ input: child.stdout }).on('line', (line) => line === 'ready' && ready.resolve())
  return { child, ready: ready.promise, exited: once(child, 'exit') }
}

test(`${KILLS} kills between any two steps of the engine, and every table is exact`, async () => {
  for (let kill = 0; kill < KILLS; kill++) {
    const { child, ready, exited } = startChild(1_000_000)
    await Promise.race([ready, exited])
    // Not luck: wherever it strikes, all must be right.
    await delay(Math.random() * LONGEST_LIFE_MS)
    child.kill('SIGKILL')
    expect((await exited)[1]).toBe('SIGKILL')
  }
  const last = position() + 2
  expect((await startChild(last).exited)[0]).toBe(0)

  const store = await temporaryStore(directory)
  const blocks = Array.from({ length: last }, (_, number) => numberedBlock(number))
  expect(await ledgerOf(store.client.query), `kept in ${directory}`).toEqual(
    await ledgerMustBe(store.client.query, blocks),
  )
  await store.close()
  store.remove()
}, 120_000)
