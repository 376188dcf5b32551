// Compiles services/ to dist/ for the published package: Node strips types in a checkout, but not below node_modules.
import { spawnSync } from 'node:child_process'
import { copyFileSync, globSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Files that the program reads beside its code. */
const ASSETS = '**/*.{sql,yaml,html,css,js,svg}'

const root = join(import.meta.dirname, '..')
const source = join(root, 'services')
const target = join(root, 'dist')

rmSync(target, { recursive: true, force: true })
const compiled = spawnSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')],
  {
    stdio: 'inherit',
  },
)
if (compiled.status !== 0) process.exit(compiled.status ?? 1)

for (const asset of globSync(ASSETS, { cwd: source, exclude: ['instrumentation/**'] })) {
  const to = join(target, asset)
  mkdirSync(dirname(to), { recursive: true })
  copyFileSync(join(source, asset), to)
}
