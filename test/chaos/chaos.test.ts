import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { chaos } from './run.ts'

/** Each of the 13 steps once, and every third at random. */
const KILLS = 19

test(`${KILLS} kills under load, and every table holds exactly what was acknowledged`, {
  timeout: 180_000,
}, async () => {
  const data = mkdtempSync(join(tmpdir(), 'telltale-chaos-'))
  const report = await chaos(data, KILLS)
  expect(report.differences, `the store is kept in ${data}`).toEqual([])
  expect([...report.kills.values()].reduce((sum, count) => sum + count, 0)).toBe(KILLS)
  expect(report.payloads).toBeGreaterThan(KILLS)
  rmSync(data, { recursive: true })
})
