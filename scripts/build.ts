// services/ as the published package carries it, in dist/: Node strips types in a checkout, but not below node_modules.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { bundleServices } from './bundle.ts'

const target = join(import.meta.dirname, '../dist')

rmSync(target, { recursive: true, force: true })
// What it depends on is installed beside it.
await bundleServices(target, () => false)
