import type { Json } from '../bodies/json-pointer.ts'
import type { CodeStatement } from '../statement.ts'
import { habitOf, notACode } from '../words/code-shape.ts'
import { isAboutErrors } from '../words/header-words.ts'
import { retryOfText } from '../words/retry-words.ts'
import { labelledStatuses } from '../words/status-text.ts'

// `<simpleType name="ErrorCodeType">` over `<enumeration value="…">` in a schema or a WSDL: the type's name, or what is
// said of it, tells whether its values are codes of errors.

/** The codes of a schema; null of what is none. */
export function schemaCodes(document: Json): CodeStatement[] | null {
  const types = simpleTypesIn(document)
  if (types.length === 0) return null
  return types.flatMap(({ name, annotation, restriction }) => {
    if (!isAboutErrors(`${name} ${wordsIn(annotation)}`)) return []
    return listOf(listOf(restriction)[0]?.enumeration).flatMap((each): CodeStatement[] => {
      const code = String(each.value ?? '')
      if (habitOf(code) === null || notACode(code) !== null) return []
      const meaning = wordsIn(each.annotation)
      const words = retryOfText(meaning)
      return [
        {
          about: 'code',
          line: 0,
          code,
          http: labelledStatuses(meaning).exact,
          meaning,
          action: '',
          retry: words ? { said: words.said, basis: words.explicit ? 'text' : 'implied' } : null,
          from: 'definition',
          context: '',
        },
      ]
    })
  })
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null

/** One element is no list. */
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value : [value]).filter(isObject)

function simpleTypesIn(node: unknown): Json[] {
  if (Array.isArray(node)) return node.flatMap(simpleTypesIn)
  if (!isObject(node)) return []
  return Object.entries(node).flatMap(([name, value]) => [
    ...(name === 'simpleType' ? listOf(value) : []),
    ...simpleTypesIn(value),
  ])
}

const wordsIn = (node: unknown): string =>
  typeof node === 'string'
    ? node
    : isObject(node)
      ? Object.values(node)
          .map(wordsIn)
          .filter((words) => words !== '')
          .join(' ')
      : ''
