import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { median, table } from './measure.ts'

// What the package itself costs: the time to import it, and the space it takes.

const root = join(import.meta.dirname, '../..')

export function tablesOfPackage(): void {
  execFileSync(process.execPath, [join(root, 'scripts/build-hook.ts')])
  importTimes()
  sizes()
}

/** In fresh processes: the package alone, and in one that has OpenTelemetry loaded, as an instrumented program has. */
function importTimes(): void {
  const dist = join(root, 'services/instrumentation/dist/index.js')
  const time = (loaded: string[]): string => {
    const before = loaded.map((name) => `await import('${name}');`).join('')
    const script = `${before}const t = performance.now(); await import('${dist}'); console.log(performance.now() - t)`
    const run = () =>
      Number(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root }))
    return median(Array.from({ length: 9 }, run)).toFixed(1)
  }
  const otel = ['@opentelemetry/api', '@opentelemetry/instrumentation']
  table('Import', [
    { 'loaded before': 'nothing', ms: time([]) },
    { 'loaded before': '@opentelemetry/api and /instrumentation', ms: time(otel) },
    {
      'loaded before': 'these and node:http, as in any program that is instrumented',
      ms: time([...otel, 'node:http']),
    },
  ])
}

/** As npm would pack it; the dist/ of just now, not built again. */
function sizes(): void {
  const packing = [
    'pack',
    '--dry-run',
    '--json',
    '--ignore-scripts',
    '--workspace',
    'services/instrumentation',
  ]
  const [packed] = JSON.parse(execFileSync('npm', packing, { cwd: root, encoding: 'utf8' })) as [
    { size: number; unpackedSize: number; entryCount: number },
  ]
  const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1)
  table('Package', [
    {
      files: packed.entryCount,
      'packed, kB': kilobytes(packed.size),
      'unpacked, kB': kilobytes(packed.unpackedSize),
    },
  ])
}
