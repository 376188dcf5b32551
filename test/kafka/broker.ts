import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { classArchive, classPath, formatted, hasJava, keep } from './distribution.ts'

// A real broker of one node, found as: Docker; Java and Maven. Where TEST_KAFKA_BROKERS names brokers, none is started.

export interface Broker {
  brokers: string[]
  /** For those who kill it; null in a container. */
  process: ChildProcess | null
  /** SIGKILL, and the same broker again: the same port, the same data. */
  restart(signal: NodeJS.Signals, downMs?: number): Promise<void>
  stop(): Promise<void>
}

const IMAGE = 'apache/kafka:4.1.1'
const CLUSTER = 'a2Fma2FsYWIwMDAwMDAwMA'
const START_MS = 60_000
const JVM = [
  '-Xms64m',
  '-Xmx384m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Xshare:auto',
  '-XX:-UsePerfData',
  '-Djava.awt.headless=true',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
]

const settings = (port: number, controller: number, more: Record<string, string | number>) => ({
  'process.roles': 'broker,controller',
  'node.id': 1,
  'controller.quorum.voters': `1@127.0.0.1:${controller}`,
  listeners: `BROKER://:${port},CONTROLLER://:${controller}`,
  'advertised.listeners': `BROKER://127.0.0.1:${port}`,
  'listener.security.protocol.map': 'BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'inter.broker.listener.name': 'BROKER',
  'controller.listener.names': 'CONTROLLER',
  'offsets.topic.replication.factor': 1,
  'offsets.topic.num.partitions': 1,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'transaction.state.log.num.partitions': 1,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
  'share.coordinator.state.topic.num.partitions': 1,
  'group.initial.rebalance.delay.ms': 0,
  'group.min.session.timeout.ms': 500,
  'auto.create.topics.enable': false,
  'num.network.threads': 2,
  'num.io.threads': 2,
  'background.threads': 2,
  'num.recovery.threads.per.data.dir': 1,
  'log.cleaner.dedupe.buffer.size': 2_097_152,
  'log.index.size.max.bytes': 1_048_576,
  // A broker that was killed is taken back at once, and not after nine seconds.
  'broker.heartbeat.interval.ms': 200,
  'broker.session.timeout.ms': 1500,
  ...more,
})

/**
 * Null where no broker can be had here. Users that log in by SCRAM (`SCRAM-SHA-256=[name=…,password=…]`) are written when
 * a data directory is formatted, which a container does by itself: such a broker needs Java.
 */
export async function startBroker(
  more: Record<string, string | number> = {},
  scram: string[] = [],
): Promise<Broker | null> {
  const hasDocker = scram.length === 0 && spawnSync('docker', ['version'], { stdio: 'ignore' }).status === 0
  if (hasDocker) return startContainer(more)
  return hasJava() ? startJava(more, scram) : null
}

async function startJava(more: Record<string, string | number>, scram: string[]): Promise<Broker> {
  const jars = classPath()
  const directory = mkdtempSync(join(tmpdir(), 'telltale-kafka-'))
  const [port, controller] = [await freePort(), await freePort()]
  const file = join(directory, 'server.properties')
  const data = join(directory, 'data')
  const all: Record<string, unknown> = { ...settings(port, controller, more), 'log.dirs': data }
  writeFileSync(
    file,
    Object.entries(all)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  )
  const java = (...what: string[]) => [...JVM, '-cp', jars, ...what]
  const template = formatted(scram)
  if (!existsSync(template)) {
    const users = scram.flatMap((user) => ['--add-scram', user])
    const tool = java('kafka.tools.StorageTool', 'format', '-t', CLUSTER, '-c', file, ...users)
    execFileSync('java', tool, { stdio: 'pipe' })
    keep(data, template)
  } else cpSync(template, data, { recursive: true })
  const archive = join(directory, 'classes.jsa')
  const isArchived = existsSync(classArchive())
  const classes = isArchived
    ? `-XX:SharedArchiveFile=${classArchive()}`
    : `-XX:ArchiveClassesAtExit=${archive}`

  let child: ChildProcess
  const log = join(directory, 'log')
  const begin = async () => {
    const out = openSync(log, 'a')
    child = spawn('java', [classes, ...java('kafka.Kafka', file)], { stdio: ['ignore', out, out] })
    const reap = () => child.kill('SIGKILL')
    process.once('exit', reap)
    child.once('exit', () => process.removeListener('exit', reap))
    await answers(port, () =>
      child.exitCode === null ? null : `the broker ended:\n${readFileSync(log, 'utf8').slice(-3000)}`,
    )
  }
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }
  await begin()
  return {
    brokers: [`127.0.0.1:${port}`],
    get process() {
      return child
    },
    async restart(signal, downMs = 0) {
      await end(signal)
      await delay(downMs)
      await begin()
    },
    async stop() {
      // The first one writes down which classes it loaded, which it does on its way out.
      await end(isArchived ? 'SIGKILL' : 'SIGTERM')
      if (existsSync(archive)) keep(archive, classArchive())
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function startContainer(more: Record<string, string | number>): Promise<Broker> {
  const [port, controller] = [await freePort(), await freePort()]
  const variables = Object.entries(settings(port, controller, more)).flatMap(([key, value]) => [
    '-e',
    `KAFKA_${key.toUpperCase().replaceAll('.', '_')}=${value}`,
  ])
  const docker = (...what: string[]) => execFileSync('docker', what, { encoding: 'utf8' }).trim()
  const id = docker(
    'run',
    '-d',
    '-p',
    `127.0.0.1:${port}:${port}`,
    '-e',
    `CLUSTER_ID=${CLUSTER}`,
    ...variables,
    IMAGE,
  )
  await answers(port, () => null)
  return {
    brokers: [`127.0.0.1:${port}`],
    process: null,
    async restart(signal, downMs = 0) {
      docker('kill', '-s', signal, id)
      docker('wait', id)
      await delay(downMs)
      docker('start', id)
      await answers(port, () => null)
    },
    async stop() {
      docker('rm', '-f', id)
    },
  }
}

async function answers(port: number, problem: () => string | null): Promise<void> {
  const deadline = performance.now() + START_MS
  while (!(await accepts(port))) {
    const said = problem()
    if (said !== null) throw new Error(said)
    if (performance.now() > deadline) throw new Error(`no broker on port ${port} within a minute`)
    await delay(20)
  }
}

const accepts = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

/**
 * Below the ports that connections get: a client that keeps trying to reach a broker that is down may be given that
 * very port for its own end, reach itself, and be in the broker's way.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const server = createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}
