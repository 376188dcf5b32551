import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chaosOnKafka } from './kafka-run.ts'
import { chaos } from './run.ts'

// npm run chaos [KILLS]: the crash test with any number of kills; exits 1 when a single count is off.
// npm run chaos kafka [KILLS]: the same through Kafka, with all processes, the store's server and the broker.

if (process.argv[2] === 'kafka') process.exit(await onKafka(Number(process.argv[3] ?? 200)))

const kills = Number(process.argv[2] ?? 200)
const data = mkdtempSync(join(tmpdir(), 'telltale-chaos-'))
const started = performance.now()
const report = await chaos(data, kills, (line) => process.stderr.write(`${line}\n`))
const { payloads, errors, calls, mended, differences } = report
console.log(
  `${kills} kills in ${Math.round((performance.now() - started) / 1000)} s: ${payloads} payloads acknowledged, with ${errors} errors in ${calls} calls; mended ${mended} times`,
)
for (const [step, count] of [...report.kills].sort()) console.log(`  ${String(count).padStart(4)} ${step}`)
for (const difference of differences) console.log(`WRONG ${difference}`)
console.log(
  differences.length === 0 ? 'every table agrees with what was acknowledged' : `kept for a look: ${data}`,
)
if (differences.length === 0) rmSync(data, { recursive: true })
process.exit(differences.length === 0 ? 0 : 1)

async function onKafka(kills: number): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'telltale-chaos-kafka-'))
  const began = performance.now()
  const found = await chaosOnKafka(directory, kills, (line) => process.stderr.write(`${line}\n`))
  if (found === null) {
    console.log('there is no Kafka broker that may be killed: this needs Docker, or Java 17 and Maven')
    return 1
  }
  console.log(
    `${kills} kills and ${found.rebalances} rebalances in ${Math.round((performance.now() - began) / 1000)} s: ${found.payloads} payloads acknowledged, with ${found.errors} errors in ${found.calls} calls; ${found.resends} payloads written twice; mended ${found.mended} times`,
  )
  for (const [what, times] of [...[...found.kills].sort(), ...found.others])
    console.log(`  ${String(times).padStart(4)} ${what}`)
  for (const difference of found.differences) console.log(`WRONG ${difference}`)
  const isRight = found.differences.length === 0
  console.log(isRight ? 'every table agrees with what was acknowledged' : `kept for a look: ${directory}`)
  if (isRight) rmSync(directory, { recursive: true })
  return isRight ? 0 : 1
}
