import { GUESSED_HEADING } from '../page.ts'
import type { Said } from '../statement.ts'
import { headOf } from '../words/head.ts'
import { isAboutErrors, isForeignTopic } from '../words/header-words.ts'
import { retryOfTitle } from '../words/retry-title.ts'
import { retryOfText } from '../words/retry-words.ts'
import { sentencesOf } from '../words/sentences.ts'
import { labelledStatuses, statusesIn, statusesOfCell } from '../words/status-text.ts'
import { isScope, type Part, type Scope } from './outline.ts'

/** What stands above and before a part of a page. */
export interface Surroundings {
  /** Headings above, the page's title first. */
  path: readonly string[]
  /** The paragraph before it. */
  intro: string
  /** The statuses of the nearest heading or item above that names one. */
  above: readonly number[]
  /** The same, or those of the paragraph before. */
  http: readonly number[]
  foreign: boolean
  /** "These are not errors" right before it. */
  denied: boolean
  /** May a code stand here without a status of its own? */
  hint: boolean
  /** Nobody knows whether a short line is a heading of the same rank as the one before: what that was about goes on. */
  carried: boolean
  /** "Retryable errors", "Do not retry:" over it. */
  said: Said | null
}

const NO_ERRORS =
  /\b(?:not|no|never|aren['’]t|isn['’]t) (?:as )?(?:an? )?(?:HTTP |API )?errors?\b(?! codes?)/i

const failing = (statuses: readonly number[]) => statuses.filter((status) => status >= 400)
const onlyOne = (statuses: readonly number[]) => (statuses.length === 1 ? statuses : [])

/** The surroundings of every part of a page. */
export function surroundingsOf(page: Scope): Map<Part, Surroundings> {
  const all = new Map<Part, Surroundings>()
  const nothing = {
    path: [],
    intro: '',
    above: [],
    http: [],
    foreign: false,
    denied: false,
    hint: false,
    carried: false,
    said: null,
  }
  visit(page, nothing, all)
  return all
}

/** Whether what stands in it is about errors. */
function visit(
  scope: Scope,
  around: Surroundings,
  all: Map<Part, Surroundings>,
  isOneOfSeveral = false,
): boolean {
  all.set(scope, around)
  const entered = enter(scope, around)
  let within = entered
  let carried = false
  let now = within
  const below = scope.parts.filter((part) => isScope(part) && part.kind === 'heading')
  const answered = isOneOfSeveral ? answeredWith(scope, below) : {}
  for (const part of scope.parts) {
    if (isScope(part)) {
      // A heading ends what the paragraphs before it introduced.
      if (part.kind === 'heading') now = { ...within, carried, ...answered }
      const isOfErrors = visit(part, now, all, below.length > 1)
      if (part.kind === 'heading') carried = part.level >= GUESSED_HEADING && isOfErrors
      continue
    }
    all.set(part, now)
    if (part.kind !== 'paragraph') continue
    const ruling = rulingStatus(part.inline.text)
    const ruled = { ...within, above: ruling, http: ruling }
    const leads = /[:：]$/.test(part.inline.text)
    // What leads to a list holds for the list.
    if (ruling.length > 0 && !leads) within = ruled
    now = introduce(part.inline.text, now, ruling.length > 0 ? ruled : within)
  }
  return entered.hint || carried
}

/** "The API responds with a `422` error. There are several reasons:" over headings that are nothing but codes. */
function answeredWith({ kind, parts }: Scope, below: readonly Part[]): Partial<Surroundings> {
  const isGroup = kind === 'heading' && below.length > 1
  if (!isGroup || !below.every((part) => isScope(part) && isCodes(part))) return {}
  const said = parts
    .slice(0, parts.indexOf(below[0]))
    .flatMap((part) =>
      isScope(part) || part.kind !== 'paragraph'
        ? []
        : sentencesOf(part.inline.text).filter((sentence) => ANSWERS.test(sentence)),
    )
  const http = onlyOne([...new Set(said.flatMap((sentence) => failing(statusesIn(sentence).exact)))])
  return http.length > 0 ? { above: http, http } : {}
}

const isCodes = ({ head }: Scope): boolean => {
  const { codes, statuses, closed, rest } = headOf(head)
  return codes.length > 0 && statuses.length === 0 && closed && rest === ''
}

const ANSWERS =
  /\b(?:respond|answer|repl(?:y|ie)|fail|return|reject|send|refuse|come)(?:s|ed|ing)?\b[^.;]{0,40}(?<![\w.])[45]\d\d(?!\w)/i

function enter({ kind, level, head: { text, marked } }: Scope, around: Surroundings): Surroundings {
  if (kind === 'heading') {
    const own = onlyOne(failing(statusesOfCell(text).exact))
    const above = own.length > 0 ? own : around.above
    const goesOn = around.carried && level >= GUESSED_HEADING
    const areErrors = goesOn && /^(?:\w+ )?values$/i.test(text)
    const foreign = own.length === 0 && !areErrors && isForeignTopic(text)
    const hint = isAboutErrors(text) || around.path.some(isAboutErrors) || own.length > 0 || goesOn
    return {
      path: [...around.path, text],
      intro: '',
      above,
      http: above,
      foreign,
      denied: false,
      hint: !foreign && hint,
      carried: false,
      said: retryOfTitle(text),
    }
  }
  if (kind !== 'item') return around
  const own = failing(headOf({ text, marked }).statuses)
  return own.length > 0 ? { ...around, above: own, http: own } : around
}

const OF_ALL =
  /\b(?:all|every|each|any|these|following|always|below|unless|otherwise|by default|alle|jeder?|immer|tous|toutes|chaque|toujours|todos|todas|cada|siempre|tutt[ie]|ogni|sempre|altijd)\b|все|всегда|すべて|全て|常に|所有|全部|모든|항상/iu
/** "All requests without a key fail with HTTP 401." */
const OF_SOME_CALLS =
  /\b(?:requests?|calls?|clients?|users?|keys?|tokens?)\s+(?:\w+\s+){0,2}?(?:without|with|that|which|whose|who|from|over|beyond|above|outside|after|before|to)\b/i
const STATUS_WORD =
  /\b(?:http|status(?:code)?|statut|estado|stato|antwortcode)\b|статус|ステータス|状态码|상태/iu
/** "422 Unprocessable Entity". */
const WITH_REASON = /\b[45]\d\d \p{Lu}\p{Ll}/u
/** "Every 429 error should be retried." */
const OF_A_STATUS = /\b(?:all|every|each|any|these)\s+(?:\w+\s+){0,2}?[45]\d\d\b/i

/** "All codes below come with HTTP 422, unless another status is named." Some APIs fail with 200. */
const THAT_STATUS = /\b(?:that|this|the same) (?:http )?status\b/i

function rulingStatus(text: string): readonly number[] {
  let named: readonly number[] = []
  for (const sentence of sentencesOf(text)) {
    const before = named
    named = failing(statusesIn(sentence).exact)
    if (before.length === 1 && OF_ALL.test(sentence) && THAT_STATUS.test(sentence)) return before
    if (!OF_ALL.test(sentence) || OF_SOME_CALLS.test(sentence) || OF_A_STATUS.test(sentence)) continue
    const { exact } = statusesIn(sentence)
    const isStatus =
      STATUS_WORD.test(sentence) || WITH_REASON.test(sentence) || labelledStatuses(sentence).exact.length > 0
    if (exact.length === 1 && isStatus && isAboutCodes(sentence)) return exact
  }
  return []
}

const isAboutCodes = (sentence: string): boolean =>
  isAboutErrors(sentence) ||
  /\b(?:codes|strings|below)\b|\b(?:all|each|every one|any) of (?:these|those|them|the following)\b|^(?:they|these|those) all\b|\b(?:the|its|their) (?:http )?status(?: code)? (?:is|will be)\b/i.test(
    sentence,
  )

/** "contains a JSON object with the following attributes:" */
const FIELDS_FOLLOW =
  /\b(?:attributes|fields|properties|members|elements|parameters|arguments|headers)(?: \w+){0,3}[:：]$/i

function introduce(text: string, now: Surroundings, within: Surroundings): Surroundings {
  const denied = NO_ERRORS.test(text)
  const foreign = isForeignTopic(within.path.at(-1) ?? '') || denied || FIELDS_FOLLOW.test(text)
  const named = failing(statusesIn(text).exact)
  const leads = /[:：]$/.test(text)
  const words = leads ? retryOfText(text) : null
  return {
    ...now,
    above: within.above,
    intro: text,
    http: within.above.length > 0 ? within.above : named.length === 0 ? now.http : onlyOne(named),
    foreign,
    denied,
    hint: !foreign && (within.hint || isAboutErrors(text)),
    said: leads ? (retryOfTitle(text) ?? (words?.explicit ? words.said : null)) : now.said,
  }
}
