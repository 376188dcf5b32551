import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NO_BROKER } from '../kafka/on-broker.ts'
import { chaosOnKafka, EACH_ONCE } from './kafka-run.ts'

test('each process killed, consumers at each step; one stands still, one comes and goes: every table holds what was acknowledged', {
  timeout: 180_000,
}, async ({ skip }) => {
  const directory = mkdtempSync(join(tmpdir(), 'telltale-chaos-kafka-'))
  const report = await chaosOnKafka(directory, EACH_ONCE)
  if (report === null && process.env.CI) throw new Error(NO_BROKER)
  skip(report === null, NO_BROKER)
  expect(report!.differences, `the store is kept in ${directory}`).toEqual([])
  expect([...report!.kills.values()]).toEqual(Array(EACH_ONCE).fill(1))
  expect([...report!.others.values()]).toEqual([1, 1])
  // Each consumer that dies is missed by the others.
  expect(report!.rebalances).toBeGreaterThan(1)
  expect(report!.payloads).toBeGreaterThan(EACH_ONCE)
  rmSync(directory, { recursive: true })
})
