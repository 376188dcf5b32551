import type { Said } from '../statement.ts'
import { retryOfCell, retryOfText } from '../words/retry-words.ts'
import { CLAUSES, sentencesOf } from '../words/sentences.ts'
import { labelledStatuses } from '../words/status-text.ts'

// "T = retry with backoff; P = do not retry": what a text says of a category.

/** "Category A" is A. */
export const keyOf = (text: string, members: ReadonlyMap<string, unknown>): string => {
  const [, key] = members.has(text) ? [] : (/^\p{L}{3,12}\s+(\S{1,30})$/u.exec(text) ?? [])
  return key ?? text
}

interface Advice {
  category: string
  said: Said | null
  http: number[]
}

export function adviceOf(text: string, members: ReadonlyMap<string, unknown>): Advice[] {
  if (text.length > 4000) return []
  // "T = retry with backoff; P = do not retry", "Transient: yes".
  const begun = [...members.keys()].filter((category) => begins(text, category))
  const [first] = begun
  if (first !== undefined) {
    const rest = text.slice(text.indexOf(first) + first.length)
    const words = retryOfText(rest) ?? null
    const bare = rest.replace(/^["'”`*)\]\s]*[:=–—-]\s*/, '')
    const said = words?.explicit ? words.said : bare.length < 30 && bare !== rest ? retryOfCell(bare) : null
    const http = labelledStatuses(rest).exact.filter((status) => status >= 400)
    const isOfOne = mentioned(rest, members).every((category) => category === first)
    if ((said !== null || http.length === 1) && isOfOne) return [{ category: first, said, http }]
  }
  return sentencesOf(text)
    .flatMap((sentence) => partsOf(sentence, members))
    .flatMap((clause) => {
      const words = retryOfText(clause)
      return words?.explicit
        ? mentioned(clause, members).map((category) => ({ category, said: words.said, http: [] }))
        : []
    })
}

/** What is said of one category, of several that open a sentence ("T retry, P do not retry"), or clause by clause. */
function partsOf(sentence: string, members: ReadonlyMap<string, unknown>): string[] {
  const named = mentioned(sentence, members)
  if (named.length <= 1) return [sentence]
  const starts = named.map((category) => sentence.indexOf(category)).sort((a, b) => a - b)
  const opens = /^["'“`(*]*$/.test(sentence.slice(0, starts[0]))
  const isLegend = opens && (named.every((category) => !/\p{L}/u.test(category)) || /[=:–]/.test(sentence))
  return isLegend ? starts.map((start, at) => sentence.slice(start, starts[at + 1])) : sentence.split(CLAUSES)
}

const begins = (text: string, category: string): boolean => {
  const at = text.slice(0, 4).indexOf(category[0])
  return (
    at !== -1 &&
    text.startsWith(category, at) &&
    (/^["'”`*)\]\s]*[:=–—-]/.test(text.slice(at + category.length)) ||
      (category.length === 1 && /^\s+\p{Lu}\p{L}/u.test(text.slice(at + category.length))))
  )
}

const ANSWER = /^(?:yes|no|true|false)$/i

/** As a word of its own, spelled alike; a lone letter only where it is marked off. */
const mentioned = (text: string, members: ReadonlyMap<string, unknown>): string[] =>
  [...members.keys()].filter((category) => {
    // An answer names itself only where it stands at the head.
    if (ANSWER.test(category)) return false
    const at = text.indexOf(category)
    if (at === -1) return false
    const [before, after] = [text[at - 1] ?? ' ', text[at + category.length] ?? ' ']
    if (/[\p{L}\d]/u.test(category) && (/[\p{L}\d_]/u.test(before) || /[\p{L}\d_]/u.test(after))) return false
    return (
      category.length > 1 ||
      !/\p{L}/u.test(category) ||
      /["'“`(]/.test(before) ||
      /^\s*[=:]/.test(text.slice(at + 1))
    )
  })
