import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { machine } from './measure.ts'

// npm run bench [name …]: each benchmark in a process of its own, one after the other.

const SUPPORT = [
  'main',
  'measure',
  'hook-added',
  'hook-allocated',
  'hook-package',
  'undici-call',
  'otlp-payload',
  'pipeline',
  'naive',
  'process-cost',
  'renewable',
  'kafka-topic',
  'kafka-fetch',
  'kafka-collector',
  'insert-sink',
]
const all = readdirSync(import.meta.dirname)
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((name) => !SUPPORT.includes(name))
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there are: ${all.join(', ')}`)
  process.exit(2)
}
console.log(`# ${machine()}, ${new Date().toISOString().slice(0, 10)}`)
let failed = false
for (const name of asked.length > 0 ? asked : all) {
  const { status } = spawnSync(process.execPath, [`${import.meta.dirname}/${name}.ts`], {
    stdio: 'inherit',
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
  })
  failed ||= status !== 0
}
process.exit(failed ? 1 : 0)
