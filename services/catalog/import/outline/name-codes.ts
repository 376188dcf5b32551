import type { Inline, Table } from '../page.ts'
import { AND_A_CODE } from '../reading/prose-advice.ts'
import { codesOfCell } from '../words/code-cell.ts'
import { habitOf, isStrong, notACode } from '../words/code-shape.ts'
import { type Head, headOf } from '../words/head.ts'
import { isAboutErrors, isForeignTopic, roleOf } from '../words/header-words.ts'
import { isLabels } from '../words/labels.ts'
import { isReason } from '../words/status-text.ts'
import { looseHead, numberedHead, titledHead } from './code-heads.ts'
import { labelledCodes } from './labelled-code.ts'
import { LEAD, type Part, type Scope, scopesIn } from './outline.ts'
import { bodyHasStatus } from './own-status.ts'
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
