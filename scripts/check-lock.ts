// Checks package-lock.json for what `npm ci` on another machine would trip over; `--fix` repairs what can be.
//
// npm drops the packages of other platforms from the lock when the registry at hand does not carry them, and then
// refuses its own lock ("Missing: … from lock file"). An entry without an integrity is enough: npm takes the rest
// from the registry on the platform that needs it.
import { readFileSync, writeFileSync } from 'node:fs'

interface LockEntry {
  name?: string
  version?: string
  resolved?: string
  link?: boolean
  integrity?: string
  optionalDependencies?: Record<string, string>
  os?: string[]
  cpu?: string[]
  libc?: string[]
  [field: string]: unknown
}
export interface Lock {
  packages: Record<string, LockEntry>
}
export type Manifest = Partial<
  Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Record<string, string>>
>

interface Missing {
  owner: string
  name: string
  version: string
}

/** A version, also of a package that is installed under another name. */
const EXACT = /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/

export function checkLock(manifest: Manifest, lock: Lock): string[] {
  const loose = (['dependencies', 'devDependencies', 'optionalDependencies'] as const).flatMap((group) =>
    Object.entries(manifest[group] ?? {})
      .filter(([, version]) => !EXACT.test(version))
      .map(([name, version]) => `package.json: ${group}.${name} is "${version}"; pin one exact version`),
  )
  const resolved = Object.entries(lock.packages)
    .filter(([, entry]) => entry.resolved !== undefined && !entry.link)
    .map(([path, entry]) => `package-lock.json: ${path} names a registry (${entry.resolved})`)
  const missing = missingPlatforms(lock).map(
    ({ owner, name, version }) =>
      `package-lock.json: ${name}@${version}, wanted by ${owner || 'package.json'}, has no entry`,
  )
  return [...loose, ...resolved, ...missing]
}

/** The lock with registry addresses removed and the entries of other platforms put back. */
export function fixLock(lock: Lock): Lock {
  const packages = Object.fromEntries(
    Object.entries(lock.packages).map(([path, { resolved, ...entry }]) => [
      path,
      entry.link && resolved !== undefined ? { resolved, ...entry } : entry,
    ]),
  )
  for (const { owner, name, version } of missingPlatforms(lock)) {
    const platform = platformFromName(name)
    if (platform) packages[`node_modules/${name}`] = { ...siblingOf(lock, owner), version, ...platform }
  }
  const sorted = Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1))
  return { ...lock, packages: Object.fromEntries(sorted) }
}

function missingPlatforms(lock: Lock): Missing[] {
  return Object.entries(lock.packages).flatMap(([owner, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !isLocked(lock, owner, name))
      .map(([name, version]) => ({ owner, name, version })),
  )
}

/** Node's own search: beside the owner first, then in each directory above it. */
function isLocked(lock: Lock, owner: string, name: string): boolean {
  for (let at = owner; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${at ? `${at}/` : ''}node_modules/${name}`]) return true
    if (!at) return false
  }
}

/** What a platform package of the same owner says about itself, short of what differs by platform. */
function siblingOf(lock: Lock, owner: string): LockEntry {
  const names = Object.keys(lock.packages[owner]?.optionalDependencies ?? {})
  const sibling = names
    .map((name) => lock.packages[`node_modules/${name}`])
    .find((entry) => entry !== undefined)
  const { integrity, os, cpu, libc, resolved, ...common } = sibling ?? {}
  return { ...common, optional: true }
}

function platformFromName(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> | undefined {
  const words = name.split(/[/-]/)
  const os = words.find((word) => ['linux', 'darwin', 'win32', 'android', 'freebsd'].includes(word))
  const cpu = words.find((word) =>
    ['x64', 'arm64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64'].includes(word),
  )
  if (!os || !cpu) return undefined
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : undefined
  return { os: [os], cpu: [cpu], ...(libc && { libc }) }
}

function main(args: string[]): void {
  const file = new URL('../package-lock.json', import.meta.url)
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Manifest
  let lock = JSON.parse(readFileSync(file, 'utf8')) as Lock
  if (args.includes('--fix')) {
    lock = fixLock(lock)
    writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
  }
  const problems = checkLock(manifest, lock)
  if (problems.length === 0) return
  console.error(problems.join('\n'))
  console.error('\nTo repair the lock: node scripts/check-lock.ts --fix')
  process.exitCode = 1
}

if (import.meta.main) main(process.argv.slice(2))
