import { type ErrorClass, isRetryable, type Retry } from '../../contract/vocabulary.ts'
import { deriveRetry } from '../../instrumentation/retry-policy/derive-retry.ts'
import { wordsOfCode } from '../../instrumentation/retry-policy/error-class.ts'
import { judgeRetry } from './judge-retry.ts'
import type { CodeStatement, Note, Read, StatusStatement } from './statement.ts'

export interface ImportedCode {
  code: string
  http: number[]
  retry: Retry
  retryable: boolean
  retry_is: 'stated' | 'derived' | 'unknown'
  class: ErrorClass
  meaning: string
  action: string
  /** What a client must mind besides, by rule and not from the page; empty if nothing. */
  advice: string
  line: number
}

export interface ImportedStatus {
  status: string
  retry: Retry
  retry_is: 'stated' | 'derived'
  meaning: string
  action: string
}

export interface Merged {
  codes: ImportedCode[]
  statuses: ImportedStatus[]
  notes: Note[]
}

/** One entry a code from all that was said about it. */
export function merge({ statements, notes: taken }: Read): Merged {
  const notes = [...taken]
  const rules = statements.filter((statement): statement is StatusStatement => statement.about === 'status')
  const all = statements.filter((statement): statement is CodeStatement => statement.about === 'code')
  const named = statements.filter((statement) => statement.about === 'retry')
  const hasCodes = all.some(({ from }) => from === 'definition')

  const byCode = new Map<string, CodeStatement[]>()
  for (const statement of all) {
    const same = byCode.get(statement.code)
    if (same) same.push(statement)
    else byCode.set(statement.code, [statement])
  }

  const codes: ImportedCode[] = []
  for (const [code, said] of byCode) {
    if (hasCodes && said.every(({ from }) => from === 'type')) {
      notes.push({ line: said[0].line, text: code, why: 'a family of errors; this page has codes proper' })
      continue
    }
    const defined = said.filter(({ from }) => from === 'definition' || from === 'type')
    // What an example says is less than what describes the code.
    const first = (field: 'meaning' | 'action') =>
      [...defined, ...said].find((one) => one[field] !== '')?.[field] ?? ''
    let http = [
      ...new Set((defined.some((one) => one.http.length > 0) ? defined : said).flatMap((one) => one.http)),
    ]
    let meaning = first('meaning')
    if (http.length === 0 && defined.length === 0) {
      const tied = tiedStatus(code, said.map(({ context }) => context).join(' '), rules)
      if (tied) {
        http = tied.statuses
        meaning ||= tied.meaning
      }
    }
    const stated = [
      ...said.flatMap(({ retry }) => (retry ? [retry] : [])),
      ...named.filter(({ codes: about }) => about.includes(code)).map(({ retry }) => retry),
    ]
    const action = first('action')
    const judged = judgeRetry({ code, http, meaning, action, stated }, rules)
    codes.push({
      code,
      http: http.sort((a, b) => a - b),
      retry: judged.retry,
      retryable: isRetryable(judged.retry),
      retry_is: judged.retry_is,
      class: judged.derived.class,
      meaning,
      action: action || (judged.rule?.action ?? ''),
      advice: isRetryable(judged.retry) ? judged.derived.advice : '',
      line: said[0].line,
    })
  }
  return { codes, statuses: statusesOf(rules), notes }
}

const stem = (word: string) => word.replace(/^in(?=valid)/, '').replace(/(?:ations?|ing|able|ed|es|s|e)$/, '')
const COMMON = new Set(
  'the and for with this that from are was not have has can too many when error exampl code api http respons request'.split(
    ' ',
  ),
)
const stems = (text: string) =>
  new Set((text.toLowerCase().match(/[\p{L}]{3,}/gu) ?? []).map(stem).filter((word) => !COMMON.has(word)))

/** The status whose description is of the code's class and shares a word with what stands around the code. */
function tiedStatus(
  code: string,
  context: string,
  rules: readonly StatusStatement[],
): StatusStatement | null {
  const { class: errorClass } = deriveRetry({ code, http: [], words: context })
  const around = stems(context)
  const family = (one: string) => (one === 'quota' ? 'billing' : one)
  const fits = rules.filter(({ statuses, meaning }) => {
    if (statuses.length !== 1 || statuses[0] < 10 || meaning === '') return false
    const described = deriveRetry({ code: '', http: statuses, words: '' }).class
    return family(described) === family(errorClass) && [...stems(meaning)].some((word) => around.has(word))
  })
  return fits.length === 1 && wordsOfCode(code) !== '' ? fits[0] : null
}

/** What holds for a status by itself: only where the page says how to retry, and without a qualifier. */
function statusesOf(rules: readonly StatusStatement[]): ImportedStatus[] {
  const found = new Map<string, ImportedStatus>()
  for (const { statuses, qualifier, retry, meaning, action } of rules) {
    for (const status of statuses) {
      const key = status < 10 ? `${status}xx` : String(status)
      const before = found.get(key)
      if (qualifier !== '' && !/^other/i.test(qualifier)) continue
      const derived = deriveRetry({
        code: '',
        http: [status < 10 ? status * 100 : status],
        words: meaning,
      }).retry
      const said = retry?.said === 'yes' || retry?.said === 'conditional' ? derived : retry?.said
      found.set(key, {
        status: key,
        retry: before?.retry_is === 'stated' ? before.retry : (said ?? before?.retry ?? derived),
        retry_is: before?.retry_is === 'stated' || said !== undefined ? 'stated' : 'derived',
        meaning: before?.meaning || meaning,
        action: before?.action || action,
      })
    }
  }
  return [...found.values()]
    .filter(({ retry }) => retry !== 'unknown')
    .sort((a, b) => (a.status < b.status ? -1 : 1))
}
