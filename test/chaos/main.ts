import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chaos } from './run.ts'

// npm run chaos [KILLS]: the crash test with any number of kills; exits 1 when a single count is off.

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
