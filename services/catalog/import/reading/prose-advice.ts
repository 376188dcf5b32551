import type { Said, Statement } from '../statement.ts'
import { rangeOf } from '../words/code-cell.ts'
import { retryOfText } from '../words/retry-words.ts'
import { CLAUSES, type Prose, sentencesOf, tokensOf } from '../words/sentences.ts'
import { statusesIn } from '../words/status-text.ts'

/** Who sends again is the publisher, to the reader's own address. */
const THEIR_CALLS =
  /\bwebhooks?\b|\byour (?:endpoint|server|handler|listener)\b|\bwe(?:['’]ll| will| do)?(?: not)? retry\b/i

/** "only for 429 and 503, not for 400", "4xx (except 429)". */
const EXCEPT =
  /(?:[(,;–—-]\s*|\s)(?:but )?(?:not|never|except|excluding|other than|apart from)(?: for| on)?\s+(?:http |status )?[45]\d\d[^.]*\.?\s*$/i

/** "429 and 409 `still_running`: wait, then retry.": the first stands for itself. */
export const AND_A_CODE = /^([45]\d\d) (?:and|or) (?=[45]\d\d [\p{L}_])/u

const OF_EVERY = /\b(?:every|each|all|any) (?:(?:HTTP|status|error|response)s? )*(?:of )?[45](?:\d\d|xx)\b/i

const statusAdvice = (line: number, statuses: number[], said: Said, action: string): Statement => ({
  about: 'status',
  line,
  statuses,
  qualifier: '',
  meaning: '',
  action,
  retry: { said, basis: 'status' },
  ofEvery: OF_EVERY.test(action),
})

/** Known codes that a text names, also those between the ends of a range. */
function codesIn(text: string, known: ReadonlySet<string>): string[] {
  const found = tokensOf(text).filter(({ token }) => known.has(token))
  const between = found.flatMap(({ token, at }, index) => {
    const next = found[index + 1]
    const gap = next === undefined ? '' : text.slice(at + token.length, next.at)
    if (next === undefined || !RANGE_GAP.test(gap)) return []
    return (rangeOf(`${token} – ${next.token}`) ?? []).filter((code) => known.has(code))
  })
  return [...new Set([...found.map(({ token }) => token), ...between])]
}

const RANGE_GAP = /^["'`*\s]*(?:[-–—…]|to|through|until|bis|à|al?|t\/m|do|до)["'`*\s]*$/

/** What running text says about retrying codes or statuses it names. */
export function adviceIn({ text, line }: Prose, known: ReadonlySet<string>): Statement[] {
  const statements: Statement[] = []
  let subject: { codes: string[]; statuses: number[] } | null = null
  for (const sentence of sentencesOf(text)) {
    if (THEIR_CALLS.test(sentence)) continue
    const clauses = sentence.split(CLAUSES)
    const said = new Set(
      clauses.map((clause) => retryOfText(clause)?.said).filter((word) => word !== undefined),
    )
    for (const clause of said.size > 1 ? clauses : [sentence]) {
      const codes = codesIn(clause, known)
      const { exact, hundreds } = statusesIn(clause)
      for (const [, side] of clause.matchAll(/\b(server|client)(?:-side)? errors\b/gi))
        if (exact.length + hundreds.length === 0) hundreds.push(side.toLowerCase() === 'server' ? 5 : 4)
      const statuses = [...exact.filter((status) => status >= 400), ...hundreds]
      // "Some 5xx errors" leaves open which.
      const vague = /\b(?:some|certain|most|many)\s+(?:of the )?(?:[45]|http)/i.test(clause)
      const named = codes.length > 0 || statuses.length > 0
      const words = retryOfText(clause)
      const apart = EXCEPT.exec(clause)
      const excepted = apart ? statusesIn(apart[0]).exact : []
      if (apart && words?.explicit && words.said !== 'never' && codes.length === 0 && excepted.length > 0) {
        statements.push(statusAdvice(line, excepted, 'never', clause.trim()))
      }
      for (const status of excepted) statuses.splice(statuses.indexOf(status), 1)
      const about: { codes: string[]; statuses: number[] } | null = named ? { codes, statuses } : subject
      if (words?.explicit && about !== null && !vague) {
        const action = named ? clause.trim() : sentence.trim()
        if (about.codes.length > 0) {
          const [, apart] = AND_A_CODE.exec(clause) ?? []
          if (apart !== undefined) statements.push(statusAdvice(line, [Number(apart)], words.said, action))
          statements.push({
            about: 'retry',
            line,
            codes: about.codes,
            retry: { said: words.said, basis: 'named' },
            action,
          })
        } else if (about.statuses.length > 0) {
          statements.push(statusAdvice(line, about.statuses, words.said, action))
        }
      }
      subject = named && !vague ? { codes, statuses } : null
    }
  }
  return statements
}
