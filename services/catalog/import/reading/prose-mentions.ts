import type { CodeStatement } from '../statement.ts'
import { bareToken, habitOf, isStrong, notACode } from '../words/code-shape.ts'
import { retryOfText } from '../words/retry-words.ts'
import {
  ENVIRONMENT,
  FIELD_AFTER,
  FIELD_BEFORE,
  type Prose,
  sentencesOf,
  tokensOf,
} from '../words/sentences.ts'
import { isReason, statusesIn } from '../words/status-text.ts'

const CUE =
  /\b(?:error )?codes?\b|\berrors?\b|\bfail(?:s|ed|ures?)? with\b|\b(?:returns?|answers?|throws?|raises?|responds?|get|receive)\b.{0,40}\b[45]\d\d\b/i

/** What an API does with a code. */
const GIVES =
  /\b(?:gets?|answers?|answered|sends?|sent|returns?|returned|receives?|received|reports?|reported|meets?|gives?|given|fails?|failed|raises?|raised|throws?|thrown|comes?|errors?|codes?)\b/i

/** "`type` is one of" */
const TYPE_BEFORE = /\btypes?["'`”]?\s+(?:is|are|can be|may be)\b[^.;]*$/i

/** "`MOVED` (303)": so set off, also a status that is no failure is the code's. */
const IN_BRACKETS = /^["'`”]*\s?\((?:HTTP |status )?([345]\d\d)\)/

const IN_ANY_BRACKETS = /\(3\d\d\)/

/** "The `Alert` header holds `code` (`soft-eol` or `hard-eol`)." */
const OF_A_HEADER = /^(?:the|an?) ["'`”“]?[\w-]+["'`”“]? header\b/i

const SAME_STATUS = /\bsame (?:http )?status\b/i

const VAGUE_LIST = /\b(?:codes?|errors?) (?:like|such as)\b|\be\.g\./i

/** A status within so many characters of a code in one sentence belongs to it. */
const NEAR = 60

/** Lines of a program that lost its fence. */
const PROGRAM =
  /=>|===|[;{]\s*$|^\s*(?:const|let|var|await|throw|return|import|from|if|for|def|try|catch|func)\b.*[({=;:]|\w\(\w*\)\s*[.;{]/

/** Codes named in running text, where the sentence leaves no doubt that they are codes. */
export function mentionsIn(
  { text, marked, line, http: above = [] }: Prose,
  fields: ReadonlySet<string>,
): CodeStatement[] {
  if (PROGRAM.test(text)) return []
  const marks = new Set(marked)
  let before: number | null = null
  return sentencesOf(text).flatMap((sentence) => {
    const isOfHeader = OF_A_HEADER.test(sentence)
    const [named = null] = statusesIn(sentence).exact.filter((status) => status >= 400)
    const same: number | null = SAME_STATUS.test(sentence) ? before : null
    before = named ?? before
    const isGiven = (above.length === 1 || same !== null) && GIVES.test(sentence)
    const setOffFrom = (token: string, at: number) => IN_BRACKETS.exec(sentence.slice(at + token.length))?.[1]
    const isCued = isGiven || CUE.test(sentence) || IN_ANY_BRACKETS.test(sentence)
    if (!isCued && statusesIn(sentence).exact.every((status) => status < 400)) return []
    const tokens = tokensOf(sentence).filter(({ token, at }) => {
      if (fields.has(token) || notACode(token) !== null || habitOf(token) === 'numeric') return false
      const listed = isListed(sentence, at)
      if (!listed && (ENVIRONMENT.test(token) || isReason(token))) return false
      if (
        !marks.has(token) &&
        !isStrong(token) &&
        !(listed && habitOf(token) === 'upper' && token.length > 3)
      )
        return false
      if (habitOf(token) === 'word' || habitOf(token) === 'dotted') return false
      return !FIELD_AFTER.test(sentence.slice(at + token.length, at + token.length + 40))
    })
    return tokens.flatMap(({ token, at }): CodeStatement[] => {
      const lead = sentence.slice(Math.max(0, at - 60), at)
      const setOff = isStrong(token) && marks.has(token) ? setOffFrom(token, at) : undefined
      const near = setOff === undefined ? statusNear(sentence, at, token.length) : Number(setOff)
      const given = isGiven && marks.has(token) && isStrong(token) ? (same ?? above[0]) : null
      const http = near ?? given
      const called =
        /(?<![.\w`])(?:(?:codes?|fail(?:s|ed)? with|errors? (?:like|such as|named|called))\b[^.]{0,80}|errors?\s+(?:(?:is|are|with|of)\s+)?["'“`(]*)$/i.test(
          sentence.slice(Math.max(0, at - 140), at),
        )
      if (FIELD_BEFORE.test(lead) && !/\bcodes?\s["'“`(]*$/i.test(lead)) return []
      if (http === null && (!called || (isOfHeader && !isStrong(token)))) return []
      // A name with humps in running text is more often a product's: OpenTelemetry.
      const isName =
        habitOf(token) === 'pascal' && !marks.has(token) && !/(?:Error|Exception|Fault|Failure)$/.test(token)
      if (isName && !called) return []
      const lone = tokens.length === 1
      const words = lone ? retryOfText(sentence) : null
      return [
        {
          about: 'code',
          line,
          code: token,
          http: http === null ? [] : [http],
          meaning: '',
          action: '',
          retry: words?.explicit ? { said: words.said, basis: 'text' } : null,
          from: TYPE_BEFORE.test(sentence.slice(0, at)) ? 'type' : 'mention',
          // "Codes like these" are of all sorts: what the sentence says holds for none in particular.
          context: VAGUE_LIST.test(sentence)
            ? ''
            : tokens.reduce((rest, each) => rest.replace(each.token, ' '), sentence),
        },
      ]
    })
  })
}

const FORM =
  /(?<!\b(?:an?|another|this|that|one|other) \p{L}{1,20} )\b(?:form|format|pattern|shape|scheme|structure|convention|syntax|notation|template)s?\b(?: of| is| like|:)?\s*["'“`]*([\p{L}\d][\p{L}\d_./:<>{}-]{2,80})/giu

/** "Codes have the form `service/string-code`": how codes look, and none itself. */
export const formsIn = (text: string): string[] =>
  text.length > 4000
    ? []
    : [...text.matchAll(FORM)].map(([, form]) => bareToken(form).replace(/[./:-]+$/, ''))

/** "codes like FORBIDDEN, INVALID_URL": what stands in such a list is a code, whatever it looks like. */
const isListed = (sentence: string, at: number) =>
  /(?<![.\w`])codes?\b(?: (?:like|such as|are|include))?[:\s"'`A-Z_,]*$/.test(
    sentence.slice(Math.max(0, at - 200), at),
  )

function statusNear(sentence: string, at: number, length: number): number | null {
  let near: number | null = null
  let distance = NEAR + 1
  for (const match of sentence.matchAll(/(?<![\w.,])([45]\d\d)(?![\w%])/g)) {
    const away = match.index < at ? at - match.index - 3 : match.index - at - length
    // What stands before a code is its own; what follows may open the next clause.
    const weight = match.index < at ? away : away * 2
    if (weight < distance) {
      distance = weight
      near = Number(match[1])
    }
  }
  return near
}
