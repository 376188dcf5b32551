import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { bundleServices } from './bundle.ts'

// Before the tests: telltale in few files, with what it depends on in them. Hundreds of processes are started, and most
// of what each of them did was to find and read a thousand files. Made once for what stands in services/.

const root = join(import.meta.dirname, '..')
const CACHE = join(root, 'node_modules/.cache/built')
/** What is no JavaScript alone, and what we reach into at run time. */
const OUTSIDE = ['chdb', '@napi-rs/blake-hash', '@node-rs/crc32', '@platformatic/wasm-utils', 'kafkajs']

export default async function setUp(): Promise<void> {
  const built = join(CACHE, signature())
  if (!existsSync(built)) {
    rmSync(CACHE, { recursive: true, force: true })
    mkdirSync(CACHE, { recursive: true })
    const making = mkdtempSync(join(CACHE, 'making-'))
    await bundleServices(join(making, 'dist'), (name) => !OUTSIDE.some((one) => isOf(name, one)))
    copyFileSync(join(root, 'package.json'), join(making, 'package.json'))
    renameSync(making, built)
  }
  process.env.TEST_BUILT = join(built, 'dist')
}

const isOf = (name: string, dependency: string) => name === dependency || name.startsWith(`${dependency}/`)

function signature(): string {
  const hash = createHash('sha256')
  const files = globSync('services/**/*.*', {
    cwd: root,
    exclude: (name) => /^(?:dist|node_modules)$/.test(name),
  })
  for (const file of ['package.json', 'package-lock.json', 'scripts/bundle.ts', ...files.sort()])
    hash.update(`${file}\0`).update(readFileSync(join(root, file)))
  return hash.digest('hex').slice(0, 16)
}
