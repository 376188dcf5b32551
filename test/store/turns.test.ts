import { describe, expect, test } from 'vitest'
import type { Intent, Ledger } from '../../services/contract/ledger.ts'
import { betweenBlocks } from '../../services/store/turns/between-blocks.ts'
import { turns } from '../../services/store/turns/turns.ts'

const turnOfLoop = () => new Promise((resolve) => setImmediate(resolve))

describe('turns', () => {
  test('are taken one after the other, whatever comes of them', async () => {
    const inTurn = turns()
    const steps: string[] = []
    const work = (name: string) => async () => {
      steps.push(`${name} begins`)
      await turnOfLoop()
      steps.push(`${name} ends`)
      if (name === 'b') throw new Error(name)
      return name
    }
    const results = await Promise.allSettled(['a', 'b', 'c'].map((name) => inTurn(work(name))))
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(steps).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]))
  })
})

const settled = async () => {}
/** A ledger in memory; what it is told to refuse, it refuses. */
function ledgerOf(intent: Intent | null, refuses = false): Ledger {
  let state = { position: 0, intent }
  return {
    read: () => state,
    async intend(intent) {
      if (refuses) throw new Error('full disk')
      state = { ...state, intent }
    },
    async advance(end) {
      state = { position: end, intent: null }
    },
  }
}

describe('between blocks', () => {
  const PATIENT = 10_000

  test('work waits for the block under way, and the next block for the work', async () => {
    const { ledger, run } = betweenBlocks(ledgerOf(null), settled)
    await ledger.intend({ first: 0, end: 5 })
    const work = Promise.withResolvers<string>()
    const seen: unknown[] = []
    const worked = run(() => {
      seen.push(ledger.read())
      return work.promise
    }, PATIENT)
    const next = ledger.intend({ first: 5, end: 9 })
    await turnOfLoop()
    expect(seen).toEqual([])
    await ledger.advance(5)
    await turnOfLoop()
    expect(seen).toEqual([{ position: 5, intent: null }])
    expect(ledger.read().intent).toBe(null)
    work.resolve('done')
    expect(await worked).toBe('done')
    await next
    expect(ledger.read().intent).toEqual({ first: 5, end: 9 })
  })

  test('what a crash has left behind is waited for', async () => {
    const { ledger, run } = betweenBlocks(ledgerOf({ first: 0, end: 5 }), settled)
    expect(await run(async () => 'too soon', 1)).toBe(null)
    const worked = run(async () => ledger.read().position, PATIENT)
    await ledger.advance(5)
    expect(await worked).toBe(5)
  })

  test('an intent that could not be written is no block under way', async () => {
    const { ledger, run } = betweenBlocks(ledgerOf(null, true), settled)
    await expect(ledger.intend({ first: 0, end: 5 })).rejects.toThrow('full disk')
    expect(await run(async () => 'done', PATIENT)).toBe('done')
  })

  test('work that fails is the asker’s; blocks go on', async () => {
    const { ledger, run } = betweenBlocks(ledgerOf(null), settled)
    await expect(run(() => Promise.reject(new Error('no')), PATIENT)).rejects.toThrow('no')
    await ledger.intend({ first: 0, end: 5 })
    await ledger.advance(5)
    expect(await run(async () => 'done', PATIENT)).toBe('done')
  })
})
