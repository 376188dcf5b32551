import { bareToken } from './code-shape.ts'

export const FIELD_BEFORE =
  /(?:\b(?:parameters?|fields?|headers?|arguments?|options?|propert(?:y|ies)|attributes?|variables?|sets?|includes?|including|takes?|accepts?|holds?|keeps?|your|keys?|scopes?|events?|methods?|endpoints?|functions?|metrics?|by|at|(?<!\b(?:we|it|api|server|service|gateway|always|then|and) )send|pass|add|use|using|in|see|carries its)\s+(?:keys in\s+)?(?:the |an? |your )?(?:attached |enclosed |nested )?)["'“`(]*$/i

export const FIELD_AFTER =
  /^["'”`)]*\s+(?:parameters?|fields?|headers?|arguments?|options?|propert(?:y|ies)|attributes?|variables?|events?|methods?|endpoints?|functions?|objects?|arrays?|banners?|styles?|holds?|scopes?|endpoint)\b/i

export const ENVIRONMENT =
  /_(?:URL|TOKEN|KEY|ID|PATH|HOST|PORT|SECRET|DIR|FILE|SIZE|NAME|PASSWORD|CREDENTIALS|ENV)$/

export interface Prose {
  /** The status of the section it stands in. */
  http?: readonly number[]
  text: string
  marked: readonly string[]
  line: number
}

const SENTENCES = /(?<=[.!?。！？])\s+(?=\S)/u

/** A sentence longer than this is none. */
const LONGEST_SENTENCE = 1000

export const sentencesOf = (text: string): string[] =>
  text
    .slice(0, 20_000)
    .split(SENTENCES)
    .map((sentence) => sentence.slice(0, LONGEST_SENTENCE))

/** Is a name called a field, a header, a setting? */
export const isField = (text: string, token: string, at: number): boolean =>
  FIELD_BEFORE.test(text.slice(Math.max(0, at - 60), at)) ||
  FIELD_AFTER.test(text.slice(at + token.length, at + token.length + 40)) ||
  ENVIRONMENT.test(token)

export const tokensOf = (sentence: string) =>
  [...sentence.matchAll(/[\p{L}\d][\p{L}\d_./:-]{1,127}/gu)].map((match) => ({
    token: bareToken(match[0]).replace(/[./:-]+$/, ''),
    at: match.index,
  }))

/** Where what is said of retrying may change. */
export const CLAUSES = /;\s+|,?\s+but\s+|,\s+(?=(?:and )?(?:do not|don['’]t|never)\b)/i
