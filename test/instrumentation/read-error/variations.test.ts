import { expect, test } from 'vitest'
import { readError } from '../../../services/instrumentation/read-error.ts'
import { VENDOR_ERRORS } from './vendor-errors.ts'

// The same errors as other APIs would write them: the reader weighs names and places, so their spelling and order do
// not matter.

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Keys of one meaning only by their exact spelling. */
const FIXED = /^(?:__type|@type)$/

const words = (key: string): string[] =>
  key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .split(/[_\- ]+/)
    .filter(Boolean)
    .map((word) => word.toLowerCase())
const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1)

function mapKeys(value: Json, rename: (key: string) => string, order = (keys: string[]) => keys): Json {
  if (Array.isArray(value)) return value.map((item) => mapKeys(item, rename, order))
  if (typeof value !== 'object' || value === null) return value
  const entries = order(Object.keys(value)).map((key): [string, Json] => [
    FIXED.test(key) ? key : rename(key),
    mapKeys(value[key]!, rename, order),
  ])
  return Object.fromEntries(entries)
}

const same = (key: string): string => key
const VARIATIONS: [name: string, vary: (body: Json) => Json][] = [
  ['snake_case', (body) => mapKeys(body, (key) => words(key).join('_'))],
  [
    'camelCase',
    (body) =>
      mapKeys(body, (key) =>
        words(key)
          .map((word, i) => (i === 0 ? word : capital(word)))
          .join(''),
      ),
  ],
  ['PascalCase', (body) => mapKeys(body, (key) => words(key).map(capital).join(''))],
  ['kebab-case', (body) => mapKeys(body, (key) => words(key).join('-'))],
  ['the other way round', (body) => mapKeys(body, same, (keys) => keys.toReversed())],
  ['in a list', (body) => (Array.isArray(body) ? body : [body])],
  ['in an envelope', (body) => ({ response: body, took: 3 })],
  ['as text in a body', (body) => ({ message: JSON.stringify(body) })],
  [
    'among much else',
    (body) =>
      Array.isArray(body) || typeof body !== 'object'
        ? body
        : {
            timestamp: '2026-01-02T03:04:05Z',
            path: '/v1/users/17',
            version: 'v1',
            ...body,
            docs: 'https://api.example/errors',
          },
  ],
]

const JSON_ERRORS = VENDOR_ERRORS.filter(
  ({ status, body }) => status >= 400 && typeof body === 'string' && /^[{[]/.test(body),
)

test.each(VARIATIONS)('%s', (_, vary) => {
  const wrong = JSON_ERRORS.filter(({ body, code, ...response }) => {
    const read = readError({ ...response, body: vary(JSON.parse(body as string)) })
    return read?.code !== code
  })
  expect(wrong.map(({ habit }) => habit)).toEqual([])
})
