import { setTimeout as delay } from 'node:timers/promises'
import { add, makePayload, nothingSent, type Sent } from './sender.ts'

const SPANS = 40
const EVERY_MS = 1_000

export interface PatientClients {
  ledger: Sent
  /** How often each answer came, by status; 0 where none came. */
  answers: Map<number, number>
  /** What a client would not know what to do with. */
  wrong: Set<string>
  /** When each has had its last payload acknowledged. */
  end(): Promise<void>
}

/** So many clients, each of which sends a payload a second, and again after Retry-After until it is acknowledged. */
export function patientClients(url: string, count: number): PatientClients {
  const ledger = nothingSent()
  const answers = new Map<number, number>()
  const wrong = new Set<string>()
  let enough = false

  async function client(): Promise<void> {
    await delay(Math.random() * EVERY_MS)
    while (!enough) {
      const { body, sent } = makePayload(SPANS)
      const began = performance.now()
      while (!(await isTaken(body)));
      add(ledger, sent)
      await delay(Math.max(0, EVERY_MS - (performance.now() - began)))
    }
  }

  async function isTaken(body: Buffer): Promise<boolean> {
    const headers = { 'content-type': 'application/x-protobuf' }
    const signal = AbortSignal.timeout(30_000)
    const answer = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body, signal }).catch(
      () => null,
    )
    const status = answer?.status ?? 0
    answers.set(status, (answers.get(status) ?? 0) + 1)
    await answer?.arrayBuffer().catch(() => {})
    if (status === 200) return true
    const wait = Number(answer?.headers.get('retry-after') ?? Number.NaN)
    if (status !== 503) wrong.add(`a good payload was answered ${status}`)
    else if (!(wait > 0)) wrong.add('a 503 had no Retry-After')
    await delay(1000 * (wait > 0 ? wait : 1))
    return false
  }

  const all = Promise.all(Array.from({ length: count }, client))
  return {
    ledger,
    answers,
    wrong,
    async end() {
      enough = true
      await all
    },
  }
}
