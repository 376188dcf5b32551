// Compiles services/instrumentation to its dist/, as the package @telltale/instrumentation carries it: a file an entry
// and what they share, for a hundred small ones take five times as long to load.
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

const root = join(import.meta.dirname, '..')
const hook = join(root, 'services/instrumentation')
const manifest = JSON.parse(readFileSync(join(hook, 'package.json'), 'utf8')) as {
  exports: Record<string, string>
}

rmSync(join(hook, 'dist'), { recursive: true, force: true })
const declared = spawnSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(hook, 'tsconfig.json')],
  { stdio: ['ignore', 2, 2] },
)
if (declared.status !== 0) process.exit(declared.status ?? 1)

const names = Object.values(manifest.exports)
  .map((file) => /^\.\/dist\/(.+)\.js$/.exec(file)?.[1])
  .filter((name) => name !== undefined)
const bundle = await rolldown({
  cwd: hook,
  input: Object.fromEntries(names.map((name) => [name, `./${name}.ts`])),
  external: /^(?:node:|@opentelemetry\/)/,
  platform: 'node',
})
await bundle.write({
  dir: join(hook, 'dist'),
  entryFileNames: '[name].js',
  chunkFileNames: 'shared/[name].js',
})
