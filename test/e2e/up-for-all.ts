import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { startUp, type Up } from './up.ts'

/** The real process for all tests of a file, in a directory of its own; filled in before the first of them. */
export function upForAll(name: string, options: Parameters<typeof startUp>[1] = {}): Up & { data: string } {
  const data = mkdtempSync(join(tmpdir(), `telltale-${name}-`))
  const up = { data } as Up & { data: string }
  beforeAll(async () => {
    Object.assign(up, await startUp(data, options))
  })
  afterAll(async () => {
    await up.stop()
    rmSync(data, { recursive: true, force: true })
  })
  return up
}
