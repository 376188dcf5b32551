import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { Up } from '../e2e/up.ts'
import { audit } from './audit.ts'
import { auditTopic } from './audit-topic.ts'
import { type KafkaWorld, kill, requireKilled, startKafkaWorld } from './kafka-world.ts'
import { CONSUMER_STEPS, type ConsumerStep, generationsIn, struckAt } from './kill-consumer-at.ts'
import { metricsOf } from './metrics-of.ts'
import { keepSending, nothingSent } from './sender.ts'

const PARTITIONS = 4
/** Who was killed is missed soon. */
const SESSION_MS = 2_000
const SENDERS = 6
/** Small ones, a hundred a second: enough that there is something of each in every block. */
const PAYLOADS = { mostSpans: 24, pauseMs: 50 }
/** Who live and die beside each other. */
const CONSUMERS = 3
/** Long enough for some blocks, short enough for many kills. */
const LONGEST_LIFE_MS = 5_000
const LONGEST_PAUSE_MS = 1_000
/** A step comes within a few blocks; but who dies in a turn makes all others wait for half a minute. */
const STEP_DEADLINE_MS = 300_000
const MOST_TIMES = 3
const CAUGHT_UP_MS = 120_000

/** How consumers die, by turns. */
const DEATHS = [...CONSUMER_STEPS, 'at random'] as const
type Death = (typeof DEATHS)[number]
/** What happens around them in the meantime, by turns: three kills, and two things that are none. */
const ACTS = ['broker', 'a consumer stands still', 'store', 'a consumer comes and goes', 'intake'] as const
type Act = (typeof ACTS)[number]
const KILLS_IN_ACTS = 3
/** After so many kills all of it has happened. */
export const EACH_ONCE = DEATHS.length + KILLS_IN_ACTS

export interface KafkaReport {
  /** By victim, of consumers by step. */
  kills: Map<string, number>
  others: Map<string, number>
  payloads: number
  errors: number
  calls: number
  /** Generations of the group that consumers were members of, but the first. */
  rebalances: number
  /** Payloads that are in the topic twice. */
  resends: number
  mended: number
  differences: string[]
}

/**
 * Intake, consumers, a broker and a store's server, each a process; consumers die at steps and at random, and beside
 * that the others are killed with SIGKILL, a consumer stands still until it is given up, one comes and goes, while
 * clients send each payload until it is acknowledged. Then every table is held against what was acknowledged, and each
 * partition against the topic. Null where there is no broker that may be killed.
 */
export async function chaosOnKafka(
  directory: string,
  count: number,
  progress: (line: string) => void = () => {},
): Promise<KafkaReport | null> {
  const world = await startKafkaWorld(directory, { partitions: PARTITIONS, sessionMs: SESSION_MS })
  if (world === null) return null
  const acts = actsFor(Math.floor((count * KILLS_IN_ACTS) / EACH_ONCE))
  const deaths = Array.from({ length: count - acts.kills }, (_, i) => DEATHS[i % DEATHS.length]!)
  const kills = new Map<string, number>()
  const others = new Map<string, number>()
  const ledger = nothingSent()
  const alive = new Set<Up>()
  let enough = false
  let done = 0
  const note = (what: Map<string, number>, name: string) => {
    what.set(name, (what.get(name) ?? 0) + 1)
    if (what === kills) done++
    progress(`${done}/${count} ${name}; ${ledger.payloads} payloads acknowledged`)
  }

  try {
    let intake: Up | null = await world.intake()
    const sending = Promise.all(
      Array.from({ length: SENDERS }, () =>
        keepSending(
          () => intake?.otlpUrl ?? null,
          () => enough,
          ledger,
          PAYLOADS,
        ),
      ),
    )

    /** Consumers one after the other, until all have died as was wanted; then one that lives. */
    const lane = async () => {
      for (let death = deaths.shift(); death !== undefined; death = deaths.shift()) {
        await liveAndDie(world, death, alive)
        note(kills, `consumer ${death}`)
      }
      const last = await world.consumer()
      alive.add(last)
      return last
    }
    const act: Record<Act, () => Promise<unknown>> = {
      broker: () => world.killBroker(),
      store: () => world.killStore(),
      async intake() {
        const before = intake!
        intake = null
        await kill(before.process, 'intake')
        intake = await world.intake()
      },
      'a consumer stands still': () => standStill(alive),
      async 'a consumer comes and goes'() {
        const one = await world.consumer()
        await until(
          async () => generationsIn(one.said()).length > 0,
          () => one.said(),
        )
        await delay(Math.random() * LONGEST_LIFE_MS)
        await stopped(one)
      },
    }
    const around = async () => {
      for (const what of acts.list) {
        await delay(Math.random() * LONGEST_PAUSE_MS)
        await act[what]()
        note(what.startsWith('a consumer') ? others : kills, what)
      }
    }
    const lanes = Promise.all(Array.from({ length: CONSUMERS }, lane))
    await Promise.race([Promise.all([lanes, around()]), sending])
    const consumers = await lanes
    enough = true
    await sending
    await caughtUp(consumers)
    for (const one of [intake, ...consumers]) await stopped(one)

    const said = [...world.everything].map((one) => one.said())
    const { payloads, errors, calls } = ledger
    const found = await auditTopic(world.clients.kafka, world.topic, world)
    return {
      kills,
      others,
      payloads,
      errors,
      calls,
      rebalances: new Set(said.flatMap(generationsIn)).size - 1,
      resends: found.resends,
      mended: said.reduce((sum, text) => sum + text.split('mended what').length - 1, 0),
      differences: [...(await audit(world.data, ledger, world.url)), ...found.differences],
    }
  } finally {
    enough = true
    await world.close()
  }
}

/** So many acts that so many of them are kills. */
function actsFor(kills: number): { list: Act[]; kills: number } {
  const list: Act[] = []
  for (let left = kills; left > 0; ) {
    const next = ACTS[list.length % ACTS.length]!
    list.push(next)
    if (!next.startsWith('a consumer')) left--
  }
  return { list, kills }
}

/** Lives until it has killed itself at its step, or is killed at some moment; anything else fails the run. */
async function liveAndDie(world: KafkaWorld, death: Death, alive: Set<Up>): Promise<void> {
  const step: ConsumerStep | null = death === 'at random' ? null : death
  const struck = (said: string) => step !== null && said.includes(struckAt(step))
  const times = step === 'before takeover' ? 1 : 1 + Math.floor(Math.random() * MOST_TIMES)
  let one: Up
  try {
    one = await world.consumer(step === null ? '' : `${step}:${times}`, struck)
  } catch (error) {
    // It may be a member before it says that it is ready.
    if (struck(String(error))) return
    throw error
  }
  const died = once(one.process, 'close')
  if (step === null) {
    alive.add(one)
    await delay(Math.random() * LONGEST_LIFE_MS)
    alive.delete(one)
    await kill(one.process, 'a consumer')
    return
  }
  if (one.process.exitCode === null && one.process.signalCode === null) {
    alive.add(one)
    await Promise.race([died, delay(STEP_DEADLINE_MS, undefined, { ref: false })])
    alive.delete(one)
  }
  if (!struck(one.said())) throw new Error(`no death ${step} within ${STEP_DEADLINE_MS} ms:\n${one.said()}`)
  requireKilled(one.process, `a consumer ${step}`)
}

/** Until the group has given its partitions to others; then it wakes up, in the middle of whatever it was doing. */
async function standStill(alive: Set<Up>): Promise<void> {
  for (;;) {
    const one = await until(
      async () => [...alive].find((up) => generationsIn(up.said()).length > 0),
      () => 'no consumer is a member',
    )
    const before = generationsIn(one.said()).at(-1)!
    one.process.kill('SIGSTOP')
    await delay(2 * SESSION_MS)
    one.process.kill('SIGCONT')
    const isAgainMember = await until(
      async () => {
        if (generationsIn(one.said()).at(-1)! > before) return { of: true }
        return one.process.exitCode === null && one.process.signalCode === null ? undefined : { of: false }
      },
      () => one.said(),
    )
    // Else it has met its death before it came back.
    if (isAgainMember.of) return
  }
}

async function stopped(one: Up): Promise<void> {
  const code = await one.stop()
  if (code !== 0) throw new Error(`a process ended with ${code}:\n${one.said()}`)
}

async function caughtUp(consumers: Up[]): Promise<void> {
  await until(
    async () => {
      const states = await Promise.all(consumers.map(stateOf))
      const partitions = states.reduce((sum, state) => sum + state.partitions, 0)
      return partitions === PARTITIONS && states.every(({ isReady, lag }) => isReady && lag === 0)
    },
    () => consumers.map((one) => one.said()).join('\n'),
  )
}

async function until<T>(ask: () => Promise<T | undefined | false>, said: () => string): Promise<T> {
  const deadline = performance.now() + CAUGHT_UP_MS
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (performance.now() > deadline) throw new Error(`not within ${CAUGHT_UP_MS} ms:\n${said()}`)
    await delay(100)
  }
}

async function stateOf(consumer: Up): Promise<{ isReady: boolean; lag: number; partitions: number }> {
  const ready = await fetch(`${consumer.url}/readyz`)
  const metric = await metricsOf(consumer)
  return {
    isReady: ready.ok,
    lag: metric('telltale_kafka_lag_records'),
    partitions: metric('telltale_kafka_partitions'),
  }
}
