// Compiles services/instrumentation to its dist/, as the package @telltale/instrumentation carries it.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const hook = join(root, 'services/instrumentation')

rmSync(join(hook, 'dist'), { recursive: true, force: true })
const compiled = spawnSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(hook, 'tsconfig.json')],
  { stdio: ['ignore', 2, 2] },
)
process.exit(compiled.status ?? 1)
