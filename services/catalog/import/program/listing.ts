import type { CodeStatement, StatedRetry } from '../statement.ts'
import { canonicalStatus } from '../words/canonical-code.ts'
import { habitOf, isStrong, notACode } from '../words/code-shape.ts'
import { isAboutErrors, isFault, roleOf } from '../words/header-words.ts'
import { labelsIn } from '../words/labels.ts'
import { retryOfCell, retryOfText } from '../words/retry-words.ts'
import { labelledStatuses } from '../words/status-text.ts'
import { type Segment, segmentsOf } from './segments.ts'
import { symbolicStatus } from './symbolic-status.ts'

// Enums, constants, maps and classes of a program: `SEAT_TAKEN = "seat_taken"  # HTTP 409: somebody else has it`. What is
// said of one name in several places is put together: the code in one map, its status in another, a set of those that
// pass. A program that neither says statuses of what it names nor calls it errors is no list of codes.

/** What stands for no error: `ERROR_REASON_UNSPECIFIED`. */
const NOTHING =
  /(?:^|_)(?:UNSPECIFIED|NONE|OK|SUCCESS|NO_ERROR|unspecified|none|ok|success|no_error)$|\p{Ll}(?:OK|Ok|Success)$/u
const NOT_NAMES =
  /^(?:case|export|public|pub|static|final|const|readonly|val|let|var|define|private|internal|protected|string|int|return|default|import|from|package|using|if|else|for|while|throw|throws|raise|new|this|self|super|class|extends|def|func|function|fn|end|then|do|type|true|false|null|nil|None|override|abstract|sealed|async|await|u16|i32|String)$/
const CODE_KEY =
  /^(?:(?:default|error|err|api|app|machine|public)_?)*(?:code|value|slug|id|identifier|key|reason|name)$/i
const STATUS_KEY =
  /^(?:default_?|error_?|response_?)*(?:https?_?)?(?:status|http)(?:_?code)?$|^https?_?code$/i
const WORDS_KEY = /mess|msg|detail|desc|title|text|reason|hint|help|doc|url|link/i
const RETRY_KEY = /retr(?:y|iable)|transient|temporary|resend|repeatable/i
const STATUS = /(?<![\w.]|\b(?:than|over|to|most|least|under|of|after|every|per) )([45]\d\d)(?![\w.])/
const FACT =
  /(?:(["'`]?)([\p{L}_$][\p{L}\d_$.:-]*)\1\s*(?:=>?|:(?!:)|\()\s*)?(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`([^`]*)`|(?<![\w.])(-?\d+|true|false)(?![\w.]))(?!\s*(?:=>|\s?:(?!:)))/gu
const LEAST = 3

interface Fact {
  key: string
  value: string
  isString: boolean
}

/** What one segment says of one or several names. */
interface Said {
  line: number
  names: string[]
  code: string | null
  /** The name is a string, as the keys of maps are. */
  quoted: boolean
  http: number[]
  words: string
  retry: StatedRetry | null
  isOfErrors: boolean
  /** A name and a string, and nothing else. */
  isConstant: boolean
}

/** `around`: the statuses of what stands over the program. */
export function listingIn(text: string, line: number, around: readonly number[]): CodeStatement[] {
  const members = joined(segmentsOf(text).flatMap(saidIn))
  const withStatus = members.filter(({ http }) => http.length > 0)
  const sayStatus = withStatus.length >= LEAST && withStatus.length >= members.length * 0.7
  const areFaults = areMostlyFaults(members)
  const enumerated = members.filter(
    (each) =>
      ((each.isOfErrors || (areFaults && each.isConstant && (isNamedFault(each) || isSpelledAlike(each)))) &&
        !NOTHING.test(each.code) &&
        !NOTHING.test(each.names[0] ?? '')) ||
      each.http.length > 0,
  )
  const listed = sayStatus
    ? [...new Set([...withStatus, ...enumerated])]
    : enumerated.length >= LEAST
      ? enumerated
      : []
  return listed.map(({ line: from, code, http, words, retry }) => ({
    about: 'code',
    line: line + from,
    code,
    http: http.length > 0 ? http : [...around],
    inherits: http.length === 0,
    meaning: words,
    action: '',
    retry,
    from: 'definition',
    context: '',
  }))
}

const MOST_FAULTS = 0.5
const LEAST_FAULTS = 5

/** Constants of a program that calls them nothing, where half and more are names of what goes wrong. */
function areMostlyFaults(members: readonly Member[]): boolean {
  const constants = members.filter(({ isConstant }) => isConstant)
  const faults = constants.filter(isNamedFault)
  return faults.length >= LEAST_FAULTS && faults.length >= constants.length * MOST_FAULTS
}

const isNamedFault = ({ code, words }: Member): boolean => isFault(code) || isAboutErrors(words)

/** `RESOURCEINUSE = "ResourceInUse"`. */
const isSpelledAlike = ({ code, names }: Member): boolean => bareLetters(code) === bareLetters(names[0] ?? '')
const bareLetters = (name: string): string => name.replace(/[^\p{L}\d]+/gu, '').toLowerCase()

type Member = Said & { code: string; isOwn: boolean }

const MOST = 0.7

/** What is said of a name in several places, as one. */
function joined(all: readonly Said[]): Member[] {
  const codeOf = new Map<string, string>()
  for (const { names, code } of all) if (code !== null) for (const name of names) codeOf.set(name, code)
  const members = new Map<string, Member>()
  for (const one of all) {
    const named = one.names.map((name) => codeOf.get(name) ?? nameAsCode(name, one.quoted))
    const codes = one.code !== null ? [one.code] : named
    for (const code of new Set(codes)) {
      if (code === null) continue
      const before = members.get(code)
      if (before === undefined) {
        const isOwn = one.code !== null || one.quoted || one.names.some((name) => codeOf.has(name))
        members.set(code, { ...one, code, isOwn, http: [...one.http] })
        continue
      }
      before.http.push(...one.http.filter((status) => !before.http.includes(status)))
      before.words ||= one.words
      before.retry ??= one.retry
      before.isOfErrors ||= one.isOfErrors
    }
  }
  const found = [...members.values()]
  // Where nearly all have a code of their own, what has none is no error: a base class, a field.
  const own = found.filter(({ isOwn }) => isOwn)
  return own.length >= found.length * MOST ? own : found
}

const nameAsCode = (name: string, quoted: boolean): string | null =>
  isCode(name) && (quoted || isStrong(name) || /^\p{Lu}{3,}$/u.test(name)) ? name : null

function saidIn({ line, text, words: comment, owners }: Segment): Said[] {
  const { names, quoted, rest, status: key } = headOf(text)
  const facts = factsOf(rest)
  const isAboutRetrying = owners.slice(-2).some((owner) => RETRY_KEY.test(owner)) && facts.length <= 1
  const code = codeOf(facts, names, key !== null)
  if (names.length === 0 && code === null) return []
  const labels = comment.split('\n').flatMap(labelsIn)
  const labelled = labels.flatMap(({ label, value }) => (roleOf(label) === 'retry' ? [value] : []))[0]
  const words = [
    comment.replaceAll('\n', ' '),
    ...facts.flatMap(({ isString, value }) => (isString && /\S\s\S/.test(value) ? [value] : [])),
  ].join(' ')
  const http = key !== null ? [key] : statusOf(facts, rest, comment)
  const flag =
    facts.find((fact) => RETRY_KEY.test(fact.key))?.value ?? (isAboutRetrying ? facts[0]?.value : undefined)
  const answer =
    flag === undefined
      ? labelled === undefined
        ? null
        : retryOfCell(labelled)
      : flag === 'true'
        ? 'yes'
        : flag === 'false'
          ? 'never'
          : retryOfCell(flag)
  const spoken = retryOfText(words)
  const retry: StatedRetry | null =
    answer !== null
      ? { said: answer, basis: 'column' }
      : spoken
        ? { said: spoken.said, basis: spoken.explicit ? 'text' : 'implied' }
        : null
  const isOfErrors = owners.some((owner) => HOLDS_NAMES.test(owner) && isAboutErrors(owner.split('{', 1)[0]))
  const isConstant = names.length === 1 && code !== null && facts.length === 1 && habitOf(code) !== 'numeric'
  return [{ line, names, code, quoted, http, words: words.trim(), retry, isOfErrors, isConstant }]
}

const HOLDS_NAMES = /\benum\b|\bEnum\b|\bconst\b|\bvar\b|^\s*(?:export\s+)?type\b/

/** What stands before the first mark that ends a name: `SEAT_TAKEN = `, `"seat_taken": {`, `A | B => `, `409: `. */
function headOf(text: string): { names: string[]; quoted: boolean; rest: string; status: number | null } {
  const [all, left] =
    /^\s*((?:[^=:,;({"'`\n]|::|"[^"\n]*"|'[^'\n]*'|`[^`\n]*`)*?)\s*(?:=>?|->|:(?!:)|[,;({]|$)/u.exec(
      text,
    ) ?? ['', '']
  const [, status] = /^\s*["'`]?([45]\d\d)["'`]?\s*$/.exec(left ?? '') ?? []
  const quoted = /^\s*["'`]/.test(left ?? '')
  const isValue = quoted && !/(?:=>?|:)\s*$/.test(all)
  const names = isValue
    ? []
    : [...(left ?? '').matchAll(/[\p{L}_$][\p{L}\d_$.:/-]*|\d{4,9}/gu)]
        .map(([path]) => (quoted ? path : (path.split(/\.|::/).at(-1) ?? path)))
        .filter((name) => name !== '' && !NOT_NAMES.test(name))
  return {
    names: status !== undefined ? [] : /[|,]/.test(left ?? '') ? names : names.slice(-1),
    quoted,
    rest: isValue ? text : text.slice(all.length - (/[({]$/.test(all) ? 1 : 0)),
    status: status === undefined ? null : Number(status),
  }
}

const factsOf = (program: string): Fact[] =>
  [...program.matchAll(FACT)].map(([, , key, double, single, tick, bare]) => ({
    key: key?.split(/\.|::/).at(-1) ?? '',
    value: double ?? single ?? tick ?? bare ?? '',
    isString: bare === undefined,
  }))

/** A value that a key calls a code, else the first that looks like one. */
function codeOf(facts: readonly Fact[], names: readonly string[], isNamedByStatus: boolean): string | null {
  const keyed = facts.find(
    ({ key, value, isString }) =>
      CODE_KEY.test(key) && !STATUS_KEY.test(key) && isCode(value) && (isString || /^-?\d{4,}$/.test(value)),
  )
  if (keyed) return keyed.value
  const loose = facts.filter(({ key, value, isString }) => isString && !WORDS_KEY.test(key) && isCode(value))
  const [first] = loose.filter(({ key }) => key === '' || !RETRY_KEY.test(key))
  if (first === undefined) return null
  // Of what a name in quotes holds, nothing is its code.
  if (
    names.length > 0 &&
    !isNamedByStatus &&
    facts[0] !== first &&
    /^\p{Ll}+(?:\.\p{Ll}+)+$/u.test(first.value)
  )
    return null
  return first.value
}

function statusOf(facts: readonly Fact[], rest: string, comment: string): number[] {
  const keyed = facts.find(({ key, value }) => STATUS_KEY.test(key) && /^[1-5]\d\d$/.test(value))
  if (keyed) return [Number(keyed.value)]
  const bare = STATUS.exec(rest.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, ' '))?.[1]
  if (bare !== undefined) return [Number(bare)]
  const symbolic = symbolicStatus(rest)
  if (symbolic !== null) return [symbolic]
  const quoted = STATUS.exec(rest)?.[1]
  if (quoted !== undefined) return [Number(quoted)]
  const labelled = labelledStatuses(comment).exact
  if (labelled.length > 0) return labelled
  const said = STATUS.exec(comment)?.[1] ?? canonicalStatus(comment)
  return said === null ? [] : [Number(said)]
}

const isCode = (text: string): boolean => habitOf(text) !== null && notACode(text) === null
