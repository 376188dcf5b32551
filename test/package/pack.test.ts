import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadCatalogs } from '../../services/catalog/load.ts'

const repository = join(import.meta.dirname, '../..')
const directory = mkdtempSync(join(tmpdir(), 'telltale-pack-'))
const packing = join(directory, 'packing')
const installed = join(directory, 'installed')
const platform = `${process.platform}-${process.arch}`
const BINARIES = [`node-${platform}`, `@chdb/lib-${platform}${process.platform === 'linux' ? '-gnu' : ''}`]
const run = (cwd: string, command: string, ...args: string[]) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

// Packed from a copy, so that a dist/ being rebuilt disturbs nobody; installed where nothing else is.
beforeAll(() => {
  mkdirSync(packing)
  mkdirSync(installed)
  for (const part of [
    'package.json',
    'tsconfig.json',
    'bin',
    'scripts',
    'services',
    'LICENSE',
    'CHANGELOG.md',
  ]) {
    cpSync(join(repository, part), join(packing, part), { recursive: true })
  }
  symlinkSync(join(repository, 'node_modules'), join(packing, 'node_modules'))
  run(packing, 'npm', 'pack', '--silent')
  const tarball = readdirSync(packing).find((name) => name.endsWith('.tgz')) as string
  run(
    installed,
    'npm',
    'install',
    '--omit=optional',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    join(packing, tarball),
  )
  // The engine and Node, of this platform, are half a gigabyte: those of this checkout, which npm has installed.
  for (const name of BINARIES) {
    const from = join(repository, 'node_modules', name)
    if (!existsSync(from)) continue
    mkdirSync(dirname(join(installed, 'node_modules', name)), { recursive: true })
    symlinkSync(from, join(installed, 'node_modules', name))
  }
}, 180_000)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('the published package', () => {
  const packed = join(installed, 'node_modules/telltale')

  test('holds compiled code and what it reads, no sources and no tests', () => {
    const files = readdirSync(packed, { recursive: true, encoding: 'utf8' })
    expect(files).toContain('dist/cli/main.js')
    expect(files).toContain('bin/telltale.cjs')
    expect(files.some((file) => file.startsWith('dist/store/schema/') && file.endsWith('.sql'))).toBe(true)
    expect(files.some((file) => file.startsWith('dist/catalog/vendors/') && file.endsWith('.yaml'))).toBe(
      true,
    )
    expect(files.filter((file) => /\.ts$|(^|\/)test\/|^services/.test(file))).toEqual([])
  })

  test('knows its catalogs without reading YAML', async () => {
    const { catalogs } = await loadCatalogs([])
    expect(JSON.parse(readFileSync(join(packed, 'dist/catalog/built-in.json'), 'utf8'))).toEqual(catalogs)
  })

  test('brings no tools of ours along', () => {
    expect(existsSync(join(installed, 'node_modules/vitest'))).toBe(false)
    expect(existsSync(join(installed, 'node_modules/typescript'))).toBe(false)
  })

  test('says how to use it', () => {
    expect(run(installed, join(installed, 'node_modules/.bin/telltale'), '--help')).toMatch(
      /telltale[\s\S]*\bup\b[\s\S]*\blookup\b/,
    )
  })

  test('brings the demo along: what it starts as processes of their own, compiled', () => {
    const demo = readdirSync(join(repository, 'services/demo'), { recursive: true, encoding: 'utf8' })
    const started = [
      'world/main',
      ...['checkout', 'fulfilment', 'mailer', 'storefront', 'sdk'].map((name) => `shop/${name}`),
    ]
    expect(demo).toEqual(expect.arrayContaining(started.map((module) => `${module}.ts`)))
    for (const file of [...started.map((module) => `demo/${module}`), 'instrumentation/register'])
      expect(existsSync(join(packed, `dist/${file}.js`)), file).toBe(true)
    // What is loaded before each of its services, with all that it needs.
    const before = ['demo/shop/sdk.js', 'instrumentation/register.js'].flatMap((file) => [
      '--import',
      pathToFileURL(join(packed, 'dist', file)).href,
    ])
    expect(run(installed, process.execPath, ...before, '--eval', 'console.log("up"); process.exit()')).toBe(
      'up\n',
    )
  })

  test('runs from an empty directory', async () => {
    const up = spawn(
      join(installed, 'node_modules/.bin/telltale'),
      ['up', '--port', '0', '--otlp-port', '0', '--data', join(directory, 'data'), '--json'],
      { cwd: installed, stdio: ['ignore', 'pipe', 'inherit'] },
    )
    try {
      const ready = await firstLine(up)
      const urls = ready.match(/http:[^"\s]+/g) ?? []
      const answers = await Promise.all(urls.map((url) => fetch(new URL('/readyz', url))))
      expect(answers.map(({ status }) => status)).toContain(200)
    } finally {
      await stop(up)
    }
  })
})

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  for await (const line of createInterface(stdout!)) return line
  throw new Error('telltale ended before it was ready')
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
}
