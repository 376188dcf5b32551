import { type Imported, importPage } from '../../../services/catalog/import/import-page.ts'
import type { Page } from './expected.ts'

// How well pages are read: codes with their statuses, retry where the page states it.

export interface Score {
  right: number
  invented: number
  missed: number
  stated: number
  statedRight: number
  /** In words, for a person. */
  wrong: string[]
}

const RETRYABLE = new Map([
  ['never', false],
  ['no', false],
  ['new_idempotency_key', false],
])

/** Pages are asked about several times. */
const remembered = new WeakMap<Uint8Array, ReturnType<typeof importPage>>()

function importedOnce(bytes: Uint8Array): ReturnType<typeof importPage> {
  const before = remembered.get(bytes)
  if (before !== undefined) return before
  const result = importPage(bytes)
  remembered.set(bytes, result)
  return result
}

export function scorePage({ name, bytes, expected }: Page): Score {
  const score: Score = { right: 0, invented: 0, missed: 0, stated: 0, statedRight: 0, wrong: [] }
  const imported = importedOnce(bytes)
  if ('problem' in imported) {
    return { ...score, missed: expected.length, wrong: [`${name}: ${imported.problem}`] }
  }
  const left = new Map(imported.codes.map((code) => [code.code, code]))
  for (const { code, http, retry } of expected) {
    const found = left.get(code)
    left.delete(code)
    const statuses = found === undefined ? 'no such code' : found.http.join() || '-'
    if (statuses === http) score.right++
    else {
      score.missed++
      if (found) score.invented++
      score.wrong.push(`${name}: ${code} has ${http}, imported: ${statuses}`)
    }
    if (retry === '-') {
      if (found?.retry_is === 'stated')
        score.wrong.push(`${name}: ${code} says nothing on retrying, imported: ${found.retry}`)
      continue
    }
    score.stated++
    if (found?.retry_is === 'stated' && found.retryable === (RETRYABLE.get(retry) ?? true))
      score.statedRight++
    else score.wrong.push(`${name}: ${code} says ${retry}, imported: ${found?.retry} (${found?.retry_is})`)
  }
  for (const { code, line } of left.values()) {
    score.invented++
    score.wrong.push(`${name}: ${code} on line ${line} is no code`)
  }
  return score
}

export function sum(scores: readonly Score[]): Score & { f1: number } {
  const total: Score = { right: 0, invented: 0, missed: 0, stated: 0, statedRight: 0, wrong: [] }
  for (const score of scores) {
    total.right += score.right
    total.invented += score.invented
    total.missed += score.missed
    total.stated += score.stated
    total.statedRight += score.statedRight
    total.wrong.push(...score.wrong)
  }
  return { ...total, f1: (2 * total.right) / (2 * total.right + total.invented + total.missed) }
}

/** Imported, or the test fails with the reason. */
export function imported(page: string | Uint8Array): Imported {
  const result = importedOnce(typeof page === 'string' ? Buffer.from(page) : page)
  if ('problem' in result) throw new Error(result.problem)
  return result
}
