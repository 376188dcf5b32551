import type { Json } from './json-pointer.ts'

// `"retryPolicy": "none"` beside `"retryPolicies": {"none": "Do not retry."}`: a value of a field that names an entry of
// a map, or of a list of named entries, elsewhere in the document.

export type Legend = ReadonlyMap<string, unknown>

const DEEPEST = 4
const LEAST = 2
const MOST_LEGENDS = 50
const MOST_LOOKED_AT = 20_000
/** Not `code`: a list of codes is none of classes. */
const NAMES = ['id', 'key', 'name', 'class', 'value', 'letter', 'symbol']

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Maps and lists of named entries, each under its own key in the document. */
export function legendsIn(document: unknown): Map<string, Legend> {
  const legends = new Map<string, Legend>()
  const visit = (node: unknown, depth: number): void => {
    if (!isObject(node) || depth > DEEPEST) return
    for (const [key, value] of Object.entries(node)) {
      if (legends.size >= MOST_LEGENDS) return
      const legend = legendOf(value)
      if (legend !== null && legend.size >= LEAST) legends.set(key, legend)
      visit(value, depth + 1)
    }
  }
  visit(document, 0)
  return legends
}

/** Those legends that something in the document refers to: what they name are no codes. */
export function referredLegends(document: unknown, legends: ReadonlyMap<string, Legend>): Set<string> {
  const referred = new Set<string>()
  let most = MOST_LOOKED_AT
  const visit = (node: unknown, depth: number): void => {
    if (typeof node !== 'object' || node === null || depth > DEEPEST || most-- <= 0) return
    if (isObject(node)) for (const { name } of referencesOf(node, legends)) referred.add(name)
    for (const value of Object.values(node)) visit(value, depth + 1)
  }
  if (legends.size > 0) visit(document, 0)
  return referred
}

function legendOf(value: unknown): Legend | null {
  if (isObject(value)) {
    const entries = Object.entries(value)
    return entries.every(([, each]) => typeof each === 'string' || isObject(each)) ? new Map(entries) : null
  }
  if (!Array.isArray(value) || !value.every(isObject)) return null
  const name = NAMES.find((each) => value.every((entry) => typeof entry[each] === 'string'))
  return name === undefined ? null : new Map(value.map((entry) => [String(entry[name]), entry]))
}

/** The entries that the fields of an object name: of a legend called like the field. */
export const entriesNamed = (object: Json, legends: ReadonlyMap<string, Legend>): unknown[] =>
  referencesOf(object, legends).map(({ entry }) => entry)

const referencesOf = (object: Json, legends: ReadonlyMap<string, Legend>) =>
  Object.entries(object).flatMap(([field, value]) => {
    if (typeof value !== 'string') return []
    return [...legends].flatMap(([name, legend]) =>
      isCalledLike(field, name) && legend.has(value) ? [{ name, entry: legend.get(value) }] : [],
    )
  })

const stem = (name: string): string =>
  name
    .replace(/[_\s-]/g, '')
    .toLowerCase()
    .replace(/(?:ref|id|key|name|values?|legend|meanings?|kinds?)$/, '')
    .replace(/ies$/, 'y')
    .replace(/(?<=s|x|ch)es$|(?<!s)s$/, '')

/** `retryPolicy` and `retryPolicies`, `class` and `errorClasses`. */
const isCalledLike = (field: string, legend: string): boolean => {
  const [one, all] = [stem(field), stem(legend)]
  return one.length > 2 && (all.endsWith(one) || one.endsWith(all))
}
