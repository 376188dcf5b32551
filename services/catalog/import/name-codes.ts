import { codesOfCell } from './code-cell.ts'
import { isLabels } from './code-entry.ts'
import { bareToken, habitOf, isStrong, notACode } from './code-shape.ts'
import { type Head, headOf } from './head.ts'
import { isAboutErrors, isForeignTopic, roleOf } from './header-words.ts'
import { labelledCodes } from './labelled-code.ts'
import { isScope, LEAD, type Part, type Scope, scopesIn } from './outline.ts'
import type { Inline, Table } from './page.ts'
import { AND_A_CODE } from './prose-advice.ts'
import { isField, tokensOf } from './sentences.ts'
import { isReason, isStatusCell, labelledStatuses, statusAlone } from './status-text.ts'
import type { Surroundings } from './surroundings.ts'

// Which headings, items and terms of a page are codes: by what each says, and by what its neighbours are.

const THINGS =
  /^(?:parameter|header|field|property|argument|option|attribute|object|array|endpoint|event|method|scope|permission)\b(?! (?:\S+ ){0,2}?(?:denied|missing|invalid|not|already|is|was|too|expired|required|unknown|failed|errors?|absent|exceeded)\b)|^\(?(?:string|integer|boolean|number|object|array|required|optional)\b(?!\?)/i
const FIELD_TYPE = /\((?:string|integer|boolean|number|required|optional)\b/i
const FAMILY = /^(?:errors?|error codes?|codes|family|class|exceptions?)\b/i

interface Candidate {
  scope: Scope
  head: Head
  around: Surroundings
  /** What the names beside it have in common, where they are codes. */
  habit: string
  sure: boolean
}

export interface Names {
  /** The head of each scope that is a code. */
  names: Map<Scope, Head>
  /** What stands over codes and looks like one. */
  families: string[]
}

export function nameCodes(page: Scope, surroundings: ReadonlyMap<Part, Surroundings>): Names {
  const names = new Map<Scope, Head>()
  const byHabit = new Map<string, Candidate[]>()
  const scopes = (['heading', 'item', 'definition'] as const).flatMap((kind) => scopesIn(page, kind))
  for (const scope of scopes) {
    const around = surroundings.get(scope)
    const candidate = around ? candidateOf(scope, around) : null
    if (!candidate) continue
    const same = byHabit.get(candidate.habit)
    if (same) same.push(candidate)
    else byHabit.set(candidate.habit, [candidate])
  }
  for (const same of byHabit.values()) {
    const sure = same.filter((each) => each.sure)
    const parents = new Set(sure.map(({ scope }) => scope.parent))
    const areAlike = same.length >= 3 && sure.length * 3 >= same.length
    const areLeads = same.length >= 3 && same.every(isMarkedLead)
    for (const each of same) {
      const { scope, around, head } = each
      const fits = areAlike && !around.foreign && (parents.has(scope.parent) || around.hint)
      if (each.sure || fits || areLeads) names.set(scope, head)
    }
  }
  const families: string[] = []
  for (const [scope, head] of names) {
    if (scope.kind !== 'heading' || !isFamily(scope, head, names)) continue
    names.delete(scope)
    families.push(...head.codes)
  }
  for (const scope of names.keys())
    if (scope.kind === 'item' && isWithin(scope, (each) => each.kind === 'heading' && names.has(each)))
      names.delete(scope)
  return { names, families }
}

/** "`M_FORBIDDEN` Not allowed.", one paragraph after the other, under words about errors. */
const isMarkedLead = ({ scope, head, around }: Candidate): boolean =>
  scope.level === LEAD &&
  around.hint &&
  (isAboutErrors(around.path.at(-1) ?? '') || isAboutErrors(around.intro)) &&
  head.codes.every((code) => isStrong(code) && scope.head.marked.includes(code))

/** A code holds no codes: INVALID_INPUT over DOCUMENT_UNREADABLE is a family, and so is "400 BAD_REQUEST" over items. */
function isFamily(scope: Scope, { codes, statuses }: Head, names: ReadonlyMap<Scope, Head>): boolean {
  const holds = (kind: Scope['kind']) => scopesIn(scope, kind).some((each) => names.has(each))
  if (statuses.length === 0 && holds('heading')) return true
  if (codes.every((code) => isReason(code.replace(/_/g, ' '))) && holds('item')) return true
  return scope.parts.some(
    (part) => part.kind === 'table' && !isLabels(part.rows.map(({ cells }) => cells)) && holdsCodes(part),
  )
}

const holdsCodes = ({ header, rows }: Table): boolean =>
  header.some(
    ({ text }, at) =>
      roleOf(text) === 'code' &&
      rows.every(({ cells }) => cells[at] !== undefined && codesOfCell(cells[at]).length > 0),
  )

function isWithin(scope: Scope, fits: (scope: Scope) => boolean): boolean {
  for (let at = scope.parent; at; at = at.parent) if (fits(at)) return true
  return false
}

function candidateOf(scope: Scope, around: Surroundings): Candidate | null {
  const { head: inline, kind, level } = scope
  // "429 and 409 `still_running`: wait." is advice.
  if (kind === 'item' && AND_A_CODE.test(inline.text)) return null
  const strict = numberedHead(scope, inline) ?? headOf(inline)
  const sure = strict.codes.length > 0 && isSure(scope, strict, around)
  const labelled = strict.codes.length === 0 && !around.foreign ? labelledCodes(scope) : []
  if (labelled.length > 0) {
    const head = { ...strict, codes: labelled, rest: inline.text, closed: true }
    return { scope, head, around, habit: '', sure: around.hint || bodyHasStatus(scope) }
  }
  const titled = strict.codes.length === 0 && !around.foreign ? titledHead(scope) : null
  if (titled) return { scope, head: titled, around, habit: '', sure: around.hint || bodyHasStatus(scope) }
  const head = sure || strict.codes.length > 0 ? strict : looseHead(inline)
  if (!head || (!sure && looksLikeField(head, inline))) return null
  const [code] = head.codes
  const marked = inline.marked.includes(code)
  return {
    scope,
    head,
    around,
    habit: `${kind} ${level} ${habitOf(code)} ${marked}`,
    sure: sure || (!around.foreign && !isReason(code) && isClose(head) && hasOwnStatus(scope, head, around)),
  }
}

/** "Sent with HTTP 401. The value is one of:" */
const announces = ({ http, intro }: Surroundings): boolean =>
  http.length > 0 &&
  /[:：]$/.test(intro) &&
  !/\b(?:fields?|propert(?:y|ies)|parameters?|attributes?|keys?|headers?)\b/i.test(intro)

const hasOwnStatus = (scope: Scope, { statuses }: Head, { http, hint }: Surroundings): boolean =>
  http.length > 0 || bodyHasStatus(scope) || (hint && statuses.some((status) => status >= 400))

/** Of several parts, or of a shape that only codes have. */
const isNamed = (code: string): boolean =>
  isStrong(code) || /^-?\d{4,9}$/.test(code) || /[\p{L}\d][-_./:][\p{L}\d]/u.test(code)

/** A name and a mark that ends it, not the first word of a title. */
const isClose = (head: Head): boolean => head.closed || head.statuses.length > 0

function isSure(scope: Scope, head: Head, around: Surroundings): boolean {
  const failing = head.statuses.some((status) => status >= 400)
  const { head: inline, kind } = scope
  if (kind === 'definition') return head.rest === '' && (around.hint || failing || bodyHasStatus(scope))
  if (kind === 'item') {
    if (looksLikeField(head, inline) || (around.foreign && !failing)) return false
    if (scope.level === LEAD) {
      const isSetOff = head.closed ? failing : announces(around) && inline.marked.includes(head.codes[0])
      return around.hint && isSetOff && head.codes.every(isNamed)
    }
    const unmarked = head.codes.every((code) => !inline.marked.includes(code))
    return failing || around.above.length > 0 || (around.hint && (head.closed || !unmarked))
  }
  if (!failing && !around.hint && !bodyHasStatus(scope)) return false
  if (THINGS.test(head.rest) || FAMILY.test(head.rest) || isForeignTopic(head.rest)) return false
  if (head.rest !== '' && !head.closed && !inline.marked.includes(head.codes[0])) return false
  return head.codes.every((code) => notACode(code) === null)
}

/** "`limit` (integer): at most 100" in a list of fields. */
const looksLikeField = (head: Head, { text }: Inline): boolean =>
  THINGS.test(head.rest) || FIELD_TYPE.test(text.slice(0, 120))

const NAMED =
  /^["'“`*[(]{0,3}([\p{L}\d-][\p{L}\d_.:/#-]{1,127}?)["'”`*\])]{0,3}(?=\s*[:：]\s|\s+[-–—|]\s|\s*\(|\s+(?:HTTP\s+)?[45]\d\d\b|\s*$)/u

/** A name of any shape with more than one part, and a mark that ends it. */
function looseHead({ text, marked }: Inline): Head | null {
  const found = NAMED.exec(text)
  const code = bareToken(found?.[1] ?? '')
  const habit = habitOf(code)
  if (!found || habit === null || notACode(code) !== null) return null
  if (['word', 'upper', 'numeric'].includes(habit)) return null
  // `Conflict` beside `NotFound` and `VersionMismatch`.
  if (habit === 'pascal' && !isStrong(code) && !marked.includes(code)) return null
  const rest = headOf({ text: text.slice(found[0].length).replace(/^\s*[([]/, ''), marked: [] })
  return { ...rest, codes: [code], closed: true }
}

/** "What does E1001 mean?", "Handling `card_refused`": the one code that a title speaks of. */
function titledHead({ kind, level, head: { text, marked } }: Scope): Head | null {
  if ((kind !== 'heading' && level !== LEAD) || text.length > 100 || !SPEAKS_OF.test(text)) return null
  const codes = tokensOf(text).filter(
    ({ token, at }) => isStrong(token) && notACode(token) === null && !isField(text, token, at),
  )
  const [code] = new Set(codes.map(({ token }) => token))
  if (code === undefined || codes.some(({ token }) => token !== code)) return null
  const { statuses } = headOf({ text: text.replace(code, ''), marked })
  return { codes: [code], statuses, hundreds: [], reason: '', rest: '', closed: true }
}

const SPEAKS_OF =
  /[?？]\s*$|\b(?:errors?|fail(?:s|ed|ure)?|exception|fault)\b|^(?:\d[\d.]*\s+)?(?:handling|fixing|resolving|solving|avoiding|recovering|understanding|about|when|why|on|after|dealing)\b/i

const NUMBER = /^["'“`*[(]{0,3}(-?\d{3,9})(?![\d.])["'”`*\])]{0,3}(?=\s*[:：]|\s|$)/

/** "-2001 DISCONNECTED": where codes are numbers, a name follows. */
function numberedHead({ kind }: Scope, { text }: Inline): Head | null {
  const [all = '', code] = NUMBER.exec(text) ?? []
  if (code === undefined || /^(?:[1-5]\d\d|19\d\d|20\d\d)$/.test(code)) return null
  if (kind !== 'heading' && !/[:：–—-]/.test(text.slice(all.length, all.length + 40))) return null
  const rest = text.slice(all.length).replace(/^[\s:：\-–—|]+/, '')
  const after = headOf({ text: rest, marked: [] })
  const named = { codes: [code], closed: true }
  return after.codes.length === 0
    ? { ...after, ...named }
    : { ...named, statuses: [], hundreds: [], reason: '', rest }
}

/** A code standing over "HTTP Status Code: 403" needs no heading that speaks of errors. */
function bodyHasStatus(scope: Scope): boolean {
  let most = 8
  const visit = ({ parts }: Scope): boolean =>
    parts.some((part) => {
      if (most-- <= 0) return false
      if (isScope(part)) return hasStatus(part.head.text) || isStatusFact(factOf(part)) || visit(part)
      if (part.kind === 'paragraph') return hasStatus(part.inline.text)
      if (part.kind === 'table')
        return (
          part.rows.length <= 12 && [part.header, ...part.rows.map(({ cells }) => cells)].some(isStatusFact)
        )
      return part.kind === 'example' && hasStatus(part.text.slice(0, 2000))
    })
  return visit(scope)
}

/** A term and what is said of it. */
const factOf = ({ kind, head, parts: [body] }: Scope): readonly Inline[] =>
  kind === 'definition' && body?.kind === 'paragraph' ? [head, body.inline] : []

const isStatusFact = ([label, value]: readonly Inline[]): boolean =>
  label !== undefined && value !== undefined && roleOf(label.text) === 'status' && isStatusCell(value.text)

const hasStatus = (text: string): boolean =>
  [...statusAlone(text), ...labelledStatuses(text).exact].some((status) => status >= 400)
