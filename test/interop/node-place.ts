import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CACHE } from './workshop.ts'

const repository = join(import.meta.dirname, '../..')

/** Where a Node application finds its packages and, beside them, the hook as npm would give it. */
export interface Place {
  directory: string
  /** What a program printed, to its end. */
  run(node: string, args: string[], env?: Record<string, string>): Promise<string>
}

/** Installs packages once, by name and version, and the hook of this repository each time. */
export function openPlace(name: string, dependencies: Record<string, string>): Place {
  const manifest = JSON.stringify({ private: true, dependencies })
  const hash = createHash('sha256').update(manifest).digest('hex').slice(0, 16)
  const directory = join(CACHE, `${name}-${hash}`)
  if (!existsSync(directory)) {
    mkdirSync(CACHE, { recursive: true })
    const own = mkdtempSync(`${directory}-`)
    writeFileSync(join(own, 'package.json'), manifest)
    const options = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', '--legacy-peer-deps']
    execFileSync('npm', ['install', ...options], { cwd: own, stdio: 'pipe', timeout: 300_000 })
    renameSync(own, directory)
  }
  putHook(join(directory, 'node_modules/@telltale'))
  return { directory, run: (node, args, env) => run(directory, node, args, env) }
}

function putHook(scope: string): void {
  const packed = mkdtempSync(join(tmpdir(), 'telltale-packed-'))
  const hook = join(repository, 'services/instrumentation')
  execFileSync('npm', ['pack', '--silent', '--pack-destination', packed], { cwd: hook, stdio: 'pipe' })
  rmSync(scope, { recursive: true, force: true })
  mkdirSync(join(scope, 'instrumentation'), { recursive: true })
  spawnSync('sh', [
    '-c',
    `tar -xzf ${packed}/*.tgz -C '${join(scope, 'instrumentation')}' --strip-components=1`,
  ])
  rmSync(packed, { recursive: true, force: true })
}

export function putFiles(place: Place, ...from: string[]): void {
  for (const path of from) cpSync(join(repository, path), place.directory, { recursive: true })
}

export const CONSOLE = {
  OTEL_TRACES_EXPORTER: 'console',
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_LOGS_EXPORTER: 'none',
}

async function run(cwd: string, node: string, args: string[], env = {}): Promise<string> {
  const child = spawn(node, args, { cwd, env: { PATH: process.env.PATH, HOME: cwd, ...CONSOLE, ...env } })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${node} ${args.join(' ')} ended with ${code}:\n${said}`)
  return said
}

/** What the console exporter printed of each span of a server, as name and attributes. */
export function servedSpans(said: string): { name: string; attributes: Record<string, string> }[] {
  return spansOf(said).filter(({ kind }) => kind === 1)
}

export const sentSpans = (said: string): { name: string; attributes: Record<string, string> }[] =>
  spansOf(said).filter(({ kind }) => kind === 2)

function spansOf(said: string) {
  return said.split(/^\{$/m).flatMap((text) => {
    const name = /^ {2}name: '(.*)',$/m.exec(text)?.[1]
    const kind = Number(/^ {2}kind: (\d)/m.exec(text)?.[1])
    if (name === undefined) return []
    const pairs = [...text.matchAll(/^ {4}'([\w.]+)': (.*?),?$/gm)]
    const attributes = Object.fromEntries(pairs.map(([, key, value]) => [key!, value!.replace(/^'|'$/g, '')]))
    return [{ name, kind, attributes }]
  })
}
