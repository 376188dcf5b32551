import { rangeOf } from './code-cell.ts'
import { bareToken, habitOf, isStrong, notACode } from './code-shape.ts'
import type { Inline } from './page.ts'
import { retryOfText } from './retry-words.ts'
import type { CodeStatement, Said, Statement } from './statement.ts'
import { isReason, labelledStatuses, statusesIn } from './status-text.ts'

/** What stands at the head of a list item, a term or a heading: codes and statuses, and nothing else so far. */
export interface Head {
  codes: string[]
  statuses: number[]
  hundreds: number[]
  /** HTTP's own words for a status, after a code. */
  reason: string
  /** After the head. */
  rest: string
  /** The head ended with a colon or a dash, or was all there is. */
  closed: boolean
}

const FILLER =
  /^(?:http|https|status|codes?|errors?|response|and|or|und|oder|et|ou|y|o|или|и|och|og|oraz|veya|és|vagy|și|та|error:|fehler|erreur|エラー)$/i

/** Codes and statuses at the start of a text. `known`: codes already defined, whatever their shape. */
export function headOf({ text, marked }: Inline, known: ReadonlySet<string> = new Set()): Head {
  const marks = new Set(marked.flatMap((mark) => [mark, bareToken(mark)]))
  const head: Head = { codes: [], statuses: [], hundreds: [], reason: '', rest: '', closed: false }
  const words = /\S+/g
  let from = 0
  let afterError = false
  let colon = false
  /** Does something stand between the last code and what comes? */
  let apart = false
  for (let match = words.exec(text); match && from < 200; match = words.exec(text)) {
    const word = match[0]
    const token = bareToken(word.replace(/[:：,;—–]+$/, ''))
    const ends = /[:：]["'”`*)]*$|[^—–][—–]$/.test(word)
    const status = /^[1-5]\d\d$/.test(token) || /^[1-5](?:xx|XX|\d\d[-–—/][1-5]\d\d)$/.test(token)
    if (/^(?:[-–—|/·&+,(]+|[-=]*>|[→⇒➔➜⟶]|↦)$/.test(word)) {
      if (/^[-–—=>→⇒➔➜⟶↦]+$/.test(word) && (head.codes.length > 0 || head.statuses.length > 0))
        head.closed = true
    } else if (status && !(afterError && head.codes.length > 0)) {
      const found = statusesIn(token)
      head.statuses.push(...found.exact)
      head.hundreds.push(...found.hundreds)
    } else if (
      FILLER.test(token) ||
      (head.codes.length > 0 && isAnd(token, text.slice(match.index + word.length), marks))
    ) {
      afterError = /error|code|fehler|erreur|エラー/i.test(token)
    } else if (
      known.has(token) ||
      isCodeWord(token, marks.has(token), afterError, ends || text.length === word.length)
    ) {
      // "PHONE_EMPTY: phone_number is missing": what follows describes.
      if (colon && head.codes.length > 0) break
      // "`write_refused` UploadWriteFailed": what it holds.
      if (head.codes.length > 0 && !apart && marks.has(head.codes[0]) && !marks.has(token)) break
      head.codes.push(token)
    } else {
      const reason = reasonAt(text, match.index)
      if (reason === 0 || (head.statuses.length === 0 && head.codes.length === 0)) break
      if (head.codes.length > 0) head.reason = text.slice(match.index, match.index + reason)
      words.lastIndex = match.index + reason
      from = words.lastIndex
      continue
    }
    from = match.index + word.length
    apart = !head.codes.includes(token) || /[,;/:：]$/.test(word)
    head.closed ||= ends
    colon ||= ends
  }
  head.rest = text.slice(from).replace(/^[\s:：\-–—→⇒.,)]+/, '')
  if (head.rest === '') head.closed = true
  return head
}

/** "and" where it is a word like others: a code must follow. */
const isAnd = (token: string, after: string, marks: ReadonlySet<string>): boolean => {
  if (!/^(?:en|of|i|e|a|ve|ja|tai|à|bis|to|through|do|t\/m)$/i.test(token)) return false
  const [next] = after.trim().split(/\s/, 1)
  const code = bareToken(next)
  return marks.has(code) || isStrong(code)
}

function isCodeWord(token: string, isMarked: boolean, afterError: boolean, ends: boolean): boolean {
  if (notACode(token) !== null || isReason(token))
    return ends && /^(?:FORBIDDEN|CONFLICT|GONE|UNAUTHORIZED|LOCKED)$/.test(token)
  const habit = habitOf(token)
  if (habit === null) return false
  if (habit === 'numeric') return /^-?\d{4,7}$/.test(token) && (isMarked || afterError || ends)
  return isStrong(token) || isMarked || (habit === 'upper' && ends && token.length > 3)
}

/** The length of HTTP's own words for a status here ("Too Many Requests"), or 0. */
function reasonAt(text: string, at: number): number {
  const words = text.slice(at, at + 60).split(/(?<=\s)/)
  for (let count = Math.min(5, words.length); count > 0; count--) {
    const phrase = words.slice(0, count).join('')
    if (isReason(phrase.replace(/[:：.,\-–—()*]+\s*$/, '').trim())) return phrase.trimEnd().length
  }
  return 0
}

const CUE =
  /\b(?:error )?codes?\b|\berrors?\b|\bfail(?:s|ed|ures?)? with\b|\b(?:returns?|answers?|throws?|raises?|responds?|get|receive)\b.{0,40}\b[45]\d\d\b/i
const FIELD_BEFORE =
  /(?:\b(?:parameters?|fields?|headers?|arguments?|options?|propert(?:y|ies)|attributes?|variables?|sets?|includes?|including|takes?|accepts?|holds?|keeps?|your|keys?|scopes?|events?|methods?|endpoints?|functions?|metrics?|by|at|(?<!\b(?:we|it|api|server|service|gateway|always|then|and) )send|pass|add|use|using|in|see|carries its)\s+(?:keys in\s+)?(?:the |an? |your )?(?:attached |enclosed |nested )?)["'“`(]*$/i
const FIELD_AFTER =
  /^["'”`)]*\s+(?:parameters?|fields?|headers?|arguments?|options?|propert(?:y|ies)|attributes?|variables?|events?|methods?|endpoints?|functions?|objects?|arrays?|banners?|styles?|holds?|scopes?|endpoint)\b/i
const ENVIRONMENT = /_(?:URL|TOKEN|KEY|ID|PATH|HOST|PORT|SECRET|DIR|FILE|SIZE|NAME|PASSWORD|CREDENTIALS|ENV)$/
/** What an API does with a code. */
const GIVES =
  /\b(?:gets?|answers?|answered|sends?|sent|returns?|returned|receives?|received|reports?|reported|meets?|gives?|given|fails?|failed|raises?|raised|throws?|thrown|comes?|errors?|codes?)\b/i
/** "`type` is one of" */
const TYPE_BEFORE = /\btypes?["'`”]?\s+(?:is|are|can be|may be)\b[^.;]*$/i
const SAME_STATUS = /\bsame (?:http )?status\b/i
const VAGUE_LIST = /\b(?:codes?|errors?) (?:like|such as)\b|\be\.g\./i
/** A status within so many characters of a code in one sentence belongs to it. */
const NEAR = 60

export interface Prose {
  /** The status of the section it stands in. */
  http?: readonly number[]
  text: string
  marked: readonly string[]
  line: number
}

/** Lines of a program that lost its fence. */
const PROGRAM =
  /=>|===|[;{]\s*$|^\s*(?:const|let|var|await|throw|return|import|from|if|for|def|try|catch|func)\b.*[({=;:]|\w\(\w*\)\s*[.;{]/

const SENTENCES = /(?<=[.!?。！？])\s+(?=\S)/u

/** A sentence longer than this is none. */
const LONGEST_SENTENCE = 1000

export const sentencesOf = (text: string): string[] =>
  text
    .slice(0, 20_000)
    .split(SENTENCES)
    .map((sentence) => sentence.slice(0, LONGEST_SENTENCE))

/** Codes named in running text, where the sentence leaves no doubt that they are codes. */
export function mentionsIn(
  { text, marked, line, http: above = [] }: Prose,
  fields: ReadonlySet<string>,
): CodeStatement[] {
  if (PROGRAM.test(text)) return []
  const marks = new Set(marked)
  let before: number | null = null
  return sentencesOf(text).flatMap((sentence) => {
    const [named = null] = statusesIn(sentence).exact.filter((status) => status >= 400)
    const same: number | null = SAME_STATUS.test(sentence) ? before : null
    before = named ?? before
    const isGiven = (above.length === 1 || same !== null) && GIVES.test(sentence)
    if (!isGiven && !CUE.test(sentence) && statusesIn(sentence).exact.every((status) => status < 400))
      return []
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
      const near = statusNear(sentence, at, token.length)
      const given = isGiven && marks.has(token) && isStrong(token) ? (same ?? above[0]) : null
      const http = near ?? given
      const called =
        /(?<![.\w`])(?:(?:codes?|fail(?:s|ed)? with|errors? (?:like|such as|named|called))\b[^.]{0,80}|errors?\s+(?:(?:is|are|with|of)\s+)?["'“`(]*)$/i.test(
          sentence.slice(Math.max(0, at - 140), at),
        )
      if (FIELD_BEFORE.test(lead) && !/\bcodes?\s["'“`(]*$/i.test(lead)) return []
      if (http === null && !called) return []
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
  /\b(?:form|format|pattern|shape|scheme|structure|convention|syntax|notation|template)s?\b(?: of| is| like|:)?\s*["'“`]*([\p{L}\d][\p{L}\d_./:<>{}-]{2,80})/giu

/** "Codes have the form `service/string-code`": how codes look, and none itself. */
export const formsIn = (text: string): string[] =>
  text.length > 4000
    ? []
    : [...text.matchAll(FORM)].map(([, form]) => bareToken(form).replace(/[./:-]+$/, ''))

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

/** Who sends again is the publisher, to the reader's own address. */
const THEIR_CALLS =
  /\bwebhooks?\b|\byour (?:endpoint|server|handler|listener)\b|\bwe(?:['’]ll| will| do)?(?: not)? retry\b/i

/** Where what is said of retrying may change. */
export const CLAUSES = /;\s+|,?\s+but\s+|,\s+(?=(?:and )?(?:do not|don['’]t|never)\b)/i

/** "only for 429 and 503, not for 400", "4xx (except 429)". */
const EXCEPT =
  /(?:[(,;–—-]\s*|\s)(?:but )?(?:not|never|except|excluding|other than|apart from)(?: for| on)?\s+(?:http |status )?[45]\d\d[^.]*\.?\s*$/i

/** "429 and 409 `still_running`: wait, then retry.": the first stands for itself. */
export const AND_A_CODE = /^([45]\d\d) (?:and|or) (?=[45]\d\d [\p{L}_])/u

const statusAdvice = (line: number, statuses: number[], said: Said, action: string): Statement => ({
  about: 'status',
  line,
  statuses,
  qualifier: '',
  meaning: '',
  action,
  retry: { said, basis: 'status' },
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

/** "at once (409)", not "the most items (500)". */
const BRACKETED = /(?<!\b(?:max\w*|limit\w*|most|number|up to)\b[^.()]{0,60})\((?:HTTP )?([45]\d\d)\)/i

/** Statuses of a description: labelled, else the only one it names. */
export function statusesOfBody(text: string): number[] {
  const labelled = labelledStatuses(text).exact
  if (labelled.length > 0) return labelled
  const [, bracketed, ...others] = BRACKETED.exec(text) ?? []
  if (bracketed !== undefined && others.length === 0) return [Number(bracketed)]
  const failing = statusesIn(text).exact.filter((status) => status >= 400)
  return failing.length === 1 && /http|status|return|respon|answer|code/i.test(text) ? failing : []
}
