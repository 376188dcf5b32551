import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { filesOf } from './document.ts'

/** Where installed things stay between runs. */
export const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'telltale-interop')
/** Set by `npm run interop`, where what cannot be installed is a failure. */
const isAll = process.env.TELLTALE_INTEROP === 'all'
/** Installing takes the test line no longer than this, also where a registry does not answer. */
const INSTALL = { limitMs: isAll ? 540_000 : 120_000, env: { PIP_RETRIES: '1', PIP_DEFAULT_TIMEOUT: '20' } }

interface Ran {
  code: number | null
  output: string
}

export interface Tools {
  /** Commands that there must be. */
  needs: string[]
  /** What install.sh makes, to be kept between runs, and the file that says of what it is made. */
  keeps?: string
  manifest?: string
}

/** A directory with the files of a document, where its scripts are run as they are written. */
export interface Workshop {
  directory: string
  run(script: string, env?: Record<string, string>): Promise<Ran>
  start(script: string, env?: Record<string, string>): Running
  close(): void
}

export interface Running {
  said(): string
  /** As Ctrl-C does. */
  stop(): Promise<void>
}

/**
 * Writes the document's files and runs its install.sh, or takes what that made (`keeps`) from an earlier run with the
 * same script and `manifest`. A text says what is missing.
 */
export async function openWorkshop(
  document: string,
  { needs, manifest, keeps }: Tools,
): Promise<Workshop | string> {
  for (const tool of needs)
    if (spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0)
      return `needs ${tool} in the PATH to run docs/instrument/${document}`

  const files = filesOf(document)
  const directory = mkdtempSync(join(tmpdir(), 'telltale-interop-'))
  for (const [name, text] of files) writeFile(join(directory, name), text)
  if (files.has('install.sh')) {
    const installed =
      keeps === undefined
        ? await install(directory)
        : await installOnce(directory, keeps, [files.get('install.sh')!, files.get(manifest!)!], document)
    if (installed.code !== 0) {
      rmSync(directory, { recursive: true, force: true })
      const what = `install.sh of docs/instrument/${document} failed`
      if (isAll) throw new Error(`${what}:\n${installed.output.slice(-2000)}`)
      return `${what}: …${installed.output.replace(/\s+/g, ' ').slice(-200)}`
    }
  }
  return {
    directory,
    run: (script, env) => shell(directory, script, env),
    start: (script, env) => startScript(directory, script, env),
    close: () => rmSync(directory, { recursive: true, force: true }),
  }
}

/** What was installed stays where it was, for it may know its own path; a link to it appears when it is whole. */
async function installOnce(
  directory: string,
  keeps: string,
  inputs: string[],
  document: string,
): Promise<Ran> {
  const hash = createHash('sha256').update(inputs.join('\0')).digest('hex').slice(0, 16)
  const place = join(CACHE, `${document.slice(0, -3)}-${hash}`)
  const link = join(directory, keeps)
  if (spawnSync('test', ['-e', join(place, keeps)]).status !== 0) {
    mkdirSync(CACHE, { recursive: true })
    const own = mkdtempSync(`${place}-`)
    for (const [name, text] of filesOf(document)) writeFile(join(own, name), text)
    const ran = await install(own)
    if (ran.code !== 0) {
      rmSync(own, { recursive: true, force: true })
      return ran
    }
    symlinkSync(own, `${own}.link`)
    renameSync(`${own}.link`, place)
  }
  symlinkSync(join(place, keeps), link)
  return { code: 0, output: '' }
}

function writeFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

function spawnScript(cwd: string, script: string, env: Record<string, string>): ChildProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(TELLTALE_|OTEL_|NODE_)/.test(name))
  return spawn('sh', ['-e', script], {
    cwd,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that whatever the script started is stopped with it.
    detached: true,
  })
}

function collect(child: ChildProcess): () => string {
  let said = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  return () => said
}

const install = (cwd: string): Promise<Ran> => shell(cwd, 'install.sh', INSTALL.env, INSTALL.limitMs)

async function shell(
  cwd: string,
  script: string,
  env: Record<string, string> = {},
  limitMs = 60_000,
): Promise<Ran> {
  const child = spawnScript(cwd, script, env)
  const said = collect(child)
  let late = ''
  const limit = setTimeout(() => {
    late = `\nstopped after ${limitMs / 1000} s`
    process.kill(-child.pid!, 'SIGKILL')
  }, limitMs)
  const [code] = await once(child, 'close')
  clearTimeout(limit)
  return { code, output: said() + late }
}

function startScript(cwd: string, script: string, env: Record<string, string> = {}): Running {
  const child = spawnScript(cwd, script, env)
  const said = collect(child)
  const exited = once(child, 'exit')
  return {
    said,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGINT')
      const kill = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), 10_000)
      await exited
      clearTimeout(kill)
    },
  }
}

/** A port that was free a moment ago, for programs that must be told one. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
