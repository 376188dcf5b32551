import type { CodeStatement } from '../statement.ts'
import { codeOf, ERROR_PLACE, STATUS_KEYS, statusOf, WORDS_KEYS } from './code-field.ts'
import { entriesNamed, type Legend, legendsIn, referredLegends } from './json-legends.ts'
import { isMapOfCodes, isMapOfMessages } from './json-maps.ts'
import { retryOf, retryOfEntry, retryOfWords, statusesOfEntry } from './json-retry.ts'

// Codes in bodies that were parsed: one error, or a whole document of them.

/** What was wrong with which field of the request. */
const OF_FIELDS =
  /^(?:violations|(?:constraint|field)_?violations|fields?|field_?errors|invalid_?params|validation_?errors|param(?:eter)?s|source|_?links|arguments)$/i

const DEEPEST = 12

/** A list in an example repeats itself; one that is the whole document does not. */
const MOST_ELEMENTS = { example: 50, document: 20_000 }

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

const plainDetails = ({ details }: Record<string, unknown>): string =>
  typeof details === 'object' && details !== null
    ? Object.values(details)
        .filter((each) => typeof each === 'string')
        .join(' ')
        .replaceAll('_', ' ')
    : ''
