import { codeKey } from '../../instrumentation/read-error/code-keys.ts'
import { problemCode } from '../../instrumentation/read-error/problem-type.ts'
import { habitOf, isStrong, notACode } from './code-shape.ts'
import { entriesNamed, type Legend, legendsIn, referredLegends } from './json-legends.ts'
import { listingIn } from './program/listing.ts'
import { retryOfCell, retryOfText } from './retry-words.ts'
import type { CodeStatement, StatedRetry } from './statement.ts'
import { isRegistered, labelledStatuses, statusesIn } from './status-text.ts'

// Codes in examples of error bodies: JSON, or what is left of it after a page was copied.

export interface Example {
  statements: CodeStatement[]
  /** Keys that occur: a name that is a field somewhere is not a code elsewhere. */
  fields: string[]
}

/** Of what is not made for codes, the surest first. */
const OTHER_KEYS = ['error_type', '__type', 'reason', 'errorType', 'error', 'status', 'type', 'name', 'id']
/** `kod`, `codigo`, `エラーコード`. */
const CODE_ABROAD =
  /^(?!.*(?:http|status|statut|стат))(?:.*[\s_])?(?:k[oó]d|codigo|código|codice|fehlercode|felkod|fejlkode|feilkode|virhekoodi|hata_?kodu|code_?(?:d_?)?erreur)(?:[\s_].*)?$|コード|错误码|錯誤碼|错误代码|(?:^|_)код|코드/i
/** `error_label`, `errorSlug`. */
const NAMING_KEY = /^(?:error|err|fault)[_-]?(?:label|slug|symbol|identifier|constant)$/i
const WORDS_KEYS =
  /^(?:message|msg|err_?msg|err|error_?message|mensagem|mensaje|messaggio|meldung|nachricht|melding|beskrivning|besked|komunikat|описание|сообщение|メッセージ|错误信息|메시지|error_?description|detail|description|title|errorMessage|Message|error_msg|text|display_?message|user_?message|hint|explanation|meaning|info|details?|cause)$/i
const STATUS_KEYS = /^(?:status|status_?code|http_?status|http_?code|http_?status_?code|http|code)$/i
const ERROR_PLACE = /^(?:errors?|fault|exception|problem|failures?)$/i
/** What was wrong with which field of the request. */
const OF_FIELDS =
  /^(?:violations|(?:constraint|field)_?violations|fields?|field_?errors|invalid_?params|validation_?errors|param(?:eter)?s|source|_?links|arguments)$/i
const DEEPEST = 12
const LONGEST = 20_000
/** A list in an example repeats itself; one that is the whole document does not. */
const MOST_ELEMENTS = { example: 50, document: 20_000 }

/** `inError`: the body of a response that failed, whatever it looks like. */
export function readExample(
  text: string,
  line: number,
  context: string,
  http: readonly number[],
  inError = false,
): Example {
  const fields = new Set<string>()
  const statements: CodeStatement[] = []
  if (text.length > LONGEST) return { statements, fields: [] }
  for (const [, key] of text.matchAll(/["']?([A-Za-z_][\w-]{0,60})["']?\s{0,3}:(?!:)/g)) fields.add(key)
  const [head] = text.split('{', 1)
  const named = statusesIn(head).exact.filter((status) => status >= 400)
  const value = parse(text)
  if (value === undefined) statements.push(...listingIn(text, line, http))
  else
    statements.push(
      ...codesIn(value, {
        line,
        context,
        http: named.length > 0 ? named : [...http],
        inError: inError || named.length > 0,
      }),
    )
  return { statements, fields: [...fields] }
}

interface Place {
  line: number
  context: string
  /** Where the body says none itself. */
  http: number[]
  inError: boolean
  isDocument?: boolean
}

/** The codes of a body that was parsed. */
export function codesIn(
  value: unknown,
  { line, context, http, inError, isDocument = false }: Place,
): CodeStatement[] {
  const statements: CodeStatement[] = []
  const legends = isDocument ? legendsIn(value) : new Map<string, Legend>()
  const referred = referredLegends(value, legends)
  const most = isDocument ? MOST_ELEMENTS.document : MOST_ELEMENTS.example
  const visit = (node: unknown, place: string, depth: number): void => {
    if (depth > DEEPEST || typeof node !== 'object' || node === null) return
    if (Array.isArray(node)) {
      for (const each of node.slice(0, most)) visit(each, place, depth + 1)
      return
    }
    const object = node as Record<string, unknown>
    if (isMapOfCodes(object)) {
      for (const [code, each] of Object.entries(object).slice(0, most))
        visit({ ...(each as object), code }, 'error', depth + 1)
      return
    }
    if (isDocument && isMapOfMessages(object)) {
      for (const [code, words] of Object.entries(object).slice(0, most))
        statements.push(described(code, String(words), { line, context, http }))
      return
    }
    if (object.success === true || object.ok === true) return
    const found = codeOf(object, place)
    if (found) {
      const words = Object.entries(object).find(
        ([key, each]) => WORDS_KEYS.test(key) && typeof each === 'string',
      )
      const own = Object.entries(object).flatMap(([key, each]) =>
        STATUS_KEYS.test(key) ? statusOf(each, isDocument && key !== 'code' ? 200 : 400) : [],
      )
      const meaning = words ? String(words[1]) : ''
      const named = entriesNamed(object, legends)
      const theirs = named.flatMap(statusesOfEntry)
      statements.push({
        about: 'code',
        line,
        code: found,
        http: own.length > 0 ? own : theirs.length > 0 ? theirs : [...http],
        meaning,
        action: '',
        retry:
          named.map(retryOfEntry).find((said) => said !== null) ??
          retryOf(object) ??
          (isDocument ? retryOfWords(object) : null),
        from: 'example',
        context: `${context} ${Object.values(object)
          .filter((each) => typeof each === 'string')
          .join(' ')} ${plainDetails(object)}`,
      })
    }
    // What stands beside a listing's errors is of something else: topics, events.
    const hasPlace = isDocument && Object.keys(object).some((key) => ERROR_PLACE.test(key))
    for (const [key, each] of Object.entries(object)) {
      if (OF_FIELDS.test(key) || (referred.has(key) && !ERROR_PLACE.test(key))) continue
      if (hasPlace && !/err|code|fail|fault|problem|exception/i.test(key)) continue
      if (ERROR_PLACE.test(key) || key === 'extensions' || depth === 0)
        visit(each, ERROR_PLACE.test(key) || place !== '' ? key : '', depth + 1)
    }
  }
  visit(value, inError ? 'error' : '', 0)
  return statements
}

/** What an entry of a legend says: words, or fields as a code has them. */
function retryOfEntry(entry: unknown): StatedRetry | null {
  if (typeof entry !== 'object' || entry === null) {
    const words = retryOfText(String(entry))
    return words?.explicit ? { said: words.said, basis: 'category' } : null
  }
  const words = Object.values(entry).filter((each) => typeof each === 'string')
  return retryOf(entry as Record<string, unknown>) ?? retryOfEntry(words.join('. '))
}

const statusesOfEntry = (entry: unknown): number[] =>
  typeof entry === 'object' && entry !== null
    ? Object.entries(entry).flatMap(([key, each]) => (STATUS_KEYS.test(key) ? statusOf(each) : []))
    : labelledStatuses(String(entry)).exact

const RETRY_KEY =
  /^(?:is_?|can_?|should_?|may_?|safe_?to_?)?(?:(?:be_?)?retr(?:y|ied|iable|yable)|repeat(?:ed|able)?|re_?send|try_?again|transient)$|^(?:[a-z]+_?){0,3}(?:retryable|retriable|again)$|^retry_?(?:policy|strategy|mode|advice|guidance|hint|behaviou?r)$/i

function retryOf(object: Record<string, unknown>): StatedRetry | null {
  const value = Object.entries(object).find(([key]) => RETRY_KEY.test(key))?.[1]
  if (typeof value === 'boolean') return { said: value ? 'yes' : 'never', basis: 'column' }
  const said = typeof value === 'string' ? retryOfCell(value) : null
  return said === null ? null : { said, basis: 'column' }
}

/** "Please try again later." in whichever of a listing's words. */
function retryOfWords(object: Record<string, unknown>): StatedRetry | null {
  const said = Object.entries(object).flatMap(([key, each]) =>
    WORDS_KEYS.test(key) && typeof each === 'string' ? (retryOfText(each) ?? []) : [],
  )
  const words = said.find(({ explicit }) => explicit)
  return words ? { said: words.said, basis: 'text' } : null
}

/** {"invalid_region": {"status": 400, "description": "…"}, …}: the keys are the codes. */
function isMapOfCodes(object: Record<string, unknown>): boolean {
  const entries = Object.entries(object)
  if (entries.length < 2) return false
  return entries.every(([key, each]) => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return false
    const keys = Object.keys(each)
    const describes = keys.some(
      (one) => WORDS_KEYS.test(one) || RETRY_KEY.test(one) || (STATUS_KEYS.test(one) && one !== 'code'),
    )
    const named = keys.some(
      (one) =>
        (isCodeKey(one) || OTHER_KEYS.includes(one)) &&
        typeof (each as Record<string, unknown>)[one] === 'string',
    )
    return (
      describes && !named && habitOf(key) !== null && notACode(key) === null && statusOf(key).length === 0
    )
  })
}

const LEAST_MESSAGES = 3

/** {"10": "Bad or missing token", "inactive_recipient": "…"}: the keys are the codes, unless they are HTTP's. */
function isMapOfMessages(object: Record<string, unknown>): boolean {
  const entries = Object.entries(object)
  return (
    entries.length >= LEAST_MESSAGES &&
    entries.every(([key, words]) => isNamedKey(key) && typeof words === 'string') &&
    entries.some(([, words]) => /\S\s\S/.test(String(words))) &&
    !entries.every(([key]) => isRegistered(Number(key)))
  )
}

const isNamedKey = (key: string): boolean =>
  (isStrong(key) || habitOf(key) === 'numeric') && notACode(key) === null

const described = (
  code: string,
  meaning: string,
  { line, context, http }: Pick<Place, 'line' | 'context' | 'http'>,
): CodeStatement => ({
  about: 'code',
  line,
  code,
  http: [...http],
  meaning,
  action: '',
  retry: null,
  from: 'definition',
  context,
})

/** `least`: a listing of codes may have some that come with a success. */
const statusOf = (value: unknown, least = 400): number[] => {
  const number = Number(value)
  return Number.isInteger(number) && number >= least && number <= 599 ? [number] : []
}

const saysStatus = (object: Record<string, unknown>): boolean =>
  Object.entries(object).some(([key, each]) => STATUS_KEYS.test(key) && statusOf(each).length > 0)

const plainDetails = ({ details }: Record<string, unknown>): string =>
  typeof details === 'object' && details !== null
    ? Object.values(details)
        .filter((each) => typeof each === 'string')
        .join(' ')
        .replaceAll('_', ' ')
    : ''

/** A name made for codes; `statusCode` is HTTP's. */
const isCodeKey = (key: string): boolean =>
  (costOf(key) <= 2 && !/^status/i.test(key)) || NAMING_KEY.test(key) || CODE_ABROAD.test(key)

/** Names without case and separators, as they are compared in responses. */
const costOf = (key: string): number => {
  const found = codeKey(key.toLowerCase().replace(/[_\-\s.]/g, ''))
  return found?.form === 'explicit' || found?.form === 'id' ? found.cost : 3
}

function codeOf(object: Record<string, unknown>, place: string): string | null {
  const keys = Object.keys(object)
  const inError = place !== ''
  const isError =
    inError ||
    object.success === false ||
    object.ok === false ||
    keys.some((key) => isCodeKey(key) && !/^code$/i.test(key)) ||
    keys.some((key) => WORDS_KEYS.test(key))
  if (!isError) return null
  // What holds errors only wraps them: `"type": "error.list"`.
  const wraps = keys.some(
    (key) => ERROR_PLACE.test(key) && typeof object[key] === 'object' && object[key] !== null,
  )
  const named = keys.filter(isCodeKey).sort((a, b) => costOf(a) - costOf(b))
  for (const key of wraps ? named : [...named, ...OTHER_KEYS]) {
    const value = object[key]
    if (typeof value === 'number') {
      const isCode = key !== 'status' && Number.isInteger(value) && (Math.abs(value) >= 1000 || value < 0)
      if (isCode) return String(value)
      continue
    }
    if (typeof value !== 'string' || value.length > 128) continue
    const address = key === 'type' && /^(?:https?:|urn:|\/)/.test(value) ? problemCode(value) : null
    const token = address ?? (key === '__type' ? (value.split('#').pop() as string) : value)
    const habit = habitOf(token)
    if (habit === null || notACode(token) !== null) continue
    if (
      key === 'type' &&
      address === null &&
      (token === 'error' || !/error|invalid|_|[a-z][A-Z]/.test(token))
    )
      continue
    if (key === 'status' && !/^[A-Z_]{4,}$/.test(token) && !(inError && /^[a-z]+(?:_[a-z]+)+$/.test(token)))
      continue
    // An error's identifier, not a thing's.
    const isNamed =
      /^[a-z]+(?:[_-][a-z]+)+$/i.test(token) || (/^[A-Z]{3,}$/.test(token) && saysStatus(object))
    if (key === 'id' && (!inError || !isNamed)) continue
    if (key === 'name' && !/error|exception|[A-Z_]{4,}/i.test(token)) continue
    if (habit === 'numeric' && statusOf(token).length > 0) continue
    return token
  }
  return null
}

/** JSON, with what pages put around and into it. */
function parse(text: string): unknown {
  const from = text.search(/[{[]/)
  const to = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'))
  if (from === -1 || to <= from) return undefined
  const body = text.slice(from, to + 1)
  for (const source of [body, mended(body)]) {
    try {
      return JSON.parse(source)
    } catch {
      // The next, more forgiving one.
    }
  }
  return undefined
}

const mended = (body: string): string =>
  body
    .split('\n')
    .map((line) => line.replace(/(^|[\s,{[])(?:\/\/|#).*$/, '$1'))
    .join('\n')
    .replace(/(?:\.\.\.|…)\s*,?/g, '')
    .replace(/,(\s*[}\]])/g, '$1')
    .replace(/[“”]/g, '"')
