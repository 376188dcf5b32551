import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { STEPS } from './kill-at.ts'
import { chaos } from './run.ts'

/** Two at random among them: one early, one late. */
const RANDOM_EVERY = 7
/** Each step once, and those. */
const KILLS = STEPS.length + 2

test(`${KILLS} kills under load, and every table holds exactly what was acknowledged`, {
  timeout: 180_000,
}, async () => {
  const data = mkdtempSync(join(tmpdir(), 'telltale-chaos-'))
  const report = await chaos(data, KILLS, undefined, RANDOM_EVERY)
  expect(report.differences, `the store is kept in ${data}`).toEqual([])
  expect([...report.kills.values()].reduce((sum, count) => sum + count, 0)).toBe(KILLS)
  expect([...report.kills.keys()].sort()).toEqual(['at random', ...STEPS].sort())
  expect(report.payloads).toBeGreaterThan(KILLS)
  rmSync(data, { recursive: true })
})
