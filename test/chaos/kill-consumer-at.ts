import { writeSync } from 'node:fs'
import http from 'node:http'
import { createRequire } from 'node:module'

// Loaded with --import into a real consumer of Kafka: dies by its own SIGKILL at an exact step, told by what it asks of
// the broker or of the store's server, and says so before. KILL_AT=STEP:N means the Nth time; see CONSUMER_STEPS. Also
// says each generation of its group that it has been a member of.

export const CONSUMER_STEPS = [
  'before commit',
  'after commit',
  'before insert',
  'during insert',
  'after insert',
  'before takeover',
] as const
export type ConsumerStep = (typeof CONSUMER_STEPS)[number]

/** The last that is heard of a process that died at a step. */
export const struckAt = (step: ConsumerStep): string => `killed by itself ${step}\n`
/** A member's of this generation: the broker has told it what is its part. */
const joined = (generation: number): string => `joined generation ${generation}\n`
export const generationsIn = (said: string): number[] =>
  [...said.matchAll(/^joined generation (\d+)$/gm)].map(([, generation]) => Number(generation))

const [wanted = '', times] = (process.env.KILL_AT ?? '').split(':')
let left = Number(times)

function step(name: ConsumerStep): void {
  if (name === wanted && --left === 0) die()
}

function die(): void {
  writeSync(process.stderr.fd, struckAt(wanted as ConsumerStep))
  process.kill(process.pid, 'SIGKILL')
}

type Method = (this: unknown, ...parameters: unknown[]) => Promise<unknown>

function around(
  method: string,
  before: () => void,
  after: (parameters: unknown[], answer: unknown) => void,
): void {
  const original = broker[method]
  if (original === undefined) throw new Error(`kafkajs has no ${method} any more`)
  broker[method] = async function (...parameters) {
    before()
    const answer = await original.apply(this, parameters)
    after(parameters, answer)
    return answer
  }
}

const nothing = () => {}
const require = createRequire(import.meta.url)
const broker = (require('kafkajs/src/broker') as { prototype: Record<string, Method> }).prototype

/** Also when a test asks this file for its steps; there it changes nothing. */
if (process.env.KILL_AT !== undefined) {
  around(
    'offsetCommit',
    () => step('before commit'),
    () => step('after commit'),
  )
  // What the group has committed is asked when partitions are taken over, before anything is read.
  around('offsetFetch', nothing, () => step('before takeover'))
  around('syncGroup', nothing, ([asked]) =>
    writeSync(process.stderr.fd, joined((asked as { generationId: number }).generationId)),
  )

  const original = http.request
  http.request = ((...parameters: Parameters<typeof http.request>) => {
    const isInsert = /[?&]query=INSERT[+%]/.test(String(parameters[0]))
    if (isInsert) step('before insert')
    const request = original(...parameters)
    if (isInsert) {
      // Somewhere on the way there, or in the engine's work of some fifty milliseconds.
      if (wanted === 'during insert' && --left === 0) setTimeout(die, Math.random() * 60)
      request.once('response', (response) => response.once('end', () => step('after insert')))
    }
    return request
  }) as typeof http.request
}
