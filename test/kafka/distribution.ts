import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

// Kafka itself, from Maven Central, kept beside the checkout for all test runs of this machine.

const POM = join(import.meta.dirname, 'pom.xml')
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'

const caches = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
/** Another pom is another Kafka. */
const name = createHash('sha256').update(readFileSync(POM)).digest('hex').slice(0, 12)
const directory = join(caches, 'telltale', `kafka-${name}`)

export const hasJava = (): boolean =>
  runs('java', ['-version']) && (existsSync(directory) || runs('mvn', ['-v']))

/** The broker's jars in an order that stays the same, for the archive of its classes depends on it. */
export function classPath(): string {
  if (!existsSync(directory)) download()
  return readdirSync(directory)
    .filter((file) => file.endsWith('.jar'))
    .sort()
    .map((file) => join(directory, file))
    .join(':')
}

/** Where the JVM keeps its archive of loaded classes: with it, a broker starts in half the time. */
export const classArchive = (): string => join(directory, 'kafka.jsa')

/** A data directory as a new broker with these users wants it, made once and copied since: it takes a JVM of its own. */
export const formatted = (users: string[]): string => {
  const whose = createHash('sha256').update(users.join()).digest('hex').slice(0, 12)
  return join(directory, users.length === 0 ? 'formatted' : `formatted-${whose}`)
}

/** Puts a copy where all runs find it: whole or not at all, and whoever is second leaves the first one's. */
export function keep(made: string, place: string): void {
  const copy = `${place}-${process.pid}`
  cpSync(made, copy, { recursive: true })
  try {
    renameSync(copy, place)
  } catch (error) {
    if (!existsSync(place)) throw error
    rmSync(copy, { recursive: true })
  }
}

/** Whole or not at all, also when two runs do it at the same time. */
function download(): void {
  mkdirSync(join(caches, 'telltale'), { recursive: true })
  const fresh = mkdtempSync(`${directory}-`)
  const target = join(fresh, 'target')
  const options = [`-DoutputDirectory=${target}`, '-DincludeScope=runtime']
  execFileSync('mvn', ['-q', '-B', '-f', POM, COPY, ...options], { stdio: ['ignore', 'inherit', 'inherit'] })
  try {
    renameSync(target, directory)
  } catch (error) {
    if (!existsSync(directory)) throw error
  } finally {
    rmSync(fresh, { recursive: true })
  }
}

function runs(command: string, options: string[]): boolean {
  return spawnSync(command, options, { stdio: 'ignore' }).status === 0
}
