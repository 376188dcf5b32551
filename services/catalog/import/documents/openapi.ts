import { codesIn } from '../bodies/error-bodies.ts'
import { isObject, type Json, resolved } from '../bodies/json-pointer.ts'
import { readExample } from '../bodies/read-example.ts'
import { htmlBlocks } from '../html/html-blocks.ts'
import { lineBlocks } from '../lines/line-blocks.ts'
import type { Block } from '../page.ts'
import { linesOf } from '../page-text.ts'
import { readBlocks } from '../reading/read-blocks.ts'
import type { CodeStatement, Note, Read, StatedRetry, Statement } from '../statement.ts'
import { habitOf, isStrong, notACode } from '../words/code-shape.ts'
import { headOf } from '../words/head.ts'
import { inlineOf } from '../words/inline-text.ts'
import { retryOf, retryOfWords, wordsBeside } from './openapi-retry.ts'
import { distinctStatus, ENUM } from './shared-enums.ts'

// OpenAPI 3.x and 2: codes in the enums and examples of error responses, statuses from where they hang.

const objects = (value: unknown): [string, Json][] =>
  isObject(value) ? Object.entries(value).filter((pair): pair is [string, Json] => isObject(pair[1])) : []

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

export const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Schemas that refer to each other end here; error bodies are not this deep. */
const DEEPEST = 16

/** Each response is walked once per place it hangs; a hostile document repeats them without end. */
const MOST_STEPS = 2_000_000

/** What `info` and `tags` say in Markdown may hold a table of codes. */
const LONGEST_WORDS = 500_000

const CODE_FIELD =
  /^(?:code|error_?code|err_?code|error_?type|error_?name|reason|error|status|type|name|title)$/i

const SURE_CODE_FIELD = /^(?:code|error_?code|err_?code|reason|error_?type)$/i

const ERROR_NAME = /err|fault|problem|exception|fail/i

export const isOpenapi = (value: unknown): value is Json =>
  isObject(value) && ('openapi' in value || 'swagger' in value)

export function readOpenapi(root: Json): Read {
  const statements: Statement[] = []
  const notes: Note[] = []
  let steps = 0
  const resolve = (value: unknown): Json => resolved(root, value)
  const said = new Set<string>()
  /** Thousands of operations say the same. */
  const push = (one: Statement) => {
    const key =
      one.about === 'code'
        ? `${one.code} ${one.http} ${one.retry?.said} ${one.from} ${one.context} ${one.meaning}`
        : `${one.about} ${one.about === 'status' ? one.statuses : one.codes} ${one.retry?.said}`
    if (said.has(key)) return
    said.add(key)
    statements.push(one)
  }
  /** What a field of a code has beside it. */
  const described = new Map<unknown, string>()
  const visited = new Map<unknown, Set<string>>()
  const isNew = (node: unknown, under: string): boolean => {
    const before = visited.get(node)
    if (before?.has(under)) return false
    if (before) before.add(under)
    else visited.set(node, new Set([under]))
    return true
  }

  const add = (
    code: string,
    http: number[],
    meaning: string,
    retry: StatedRetry | null,
    from: CodeStatement['from'] = 'definition',
    context = '',
  ) => {
    if (habitOf(code) === null || notACode(code) !== null || /\s/.test(code)) return
    push({ about: 'code', line: 0, code, http, meaning, action: '', retry, from, context })
  }

  /** Enums (and constants) of the fields that hold a code. */
  const visitSchema = (
    schema: unknown,
    http: number[],
    retry: StatedRetry | null,
    field: string,
    inError: boolean,
    depth: number,
    seen: Set<unknown>,
  ) => {
    if (++steps > MOST_STEPS || depth > DEEPEST) return
    const node = resolve(schema)
    if (seen.has(node)) return
    seen.add(node)
    const holdsCode = SURE_CODE_FIELD.test(field) || (inError && CODE_FIELD.test(field))
    if (holdsCode) {
      const names = list(node['x-enum-descriptions'] ?? node['x-enumDescriptions'])
      const byValue = isObject(node['x-enum-descriptions']) ? node['x-enum-descriptions'] : {}
      const words = described.get(node) ?? ''
      const values = 'const' in node ? [node.const] : list(node.enum)
      values.forEach((value, index) => {
        if (typeof value !== 'string' && typeof value !== 'number') return
        if (typeof value === 'number' && value >= 100 && value < 600) return
        if (field === 'type' && !/error|_|[a-z][A-Z]/.test(String(value))) return
        add(
          String(value),
          http,
          text(names[index]) || text(byValue[String(value)]) || words,
          retryOfWords(words) ?? retry,
          'definition',
          ENUM,
        )
      })
      if (typeof node.example === 'string') add(node.example, http, '', retry, 'example')
      if (typeof node.default === 'string' && values.length === 0)
        add(node.default, http, '', retry, 'example')
    }
    for (const part of ['allOf', 'oneOf', 'anyOf']) {
      for (const each of list(node[part])) visitSchema(each, http, retry, field, inError, depth + 1, seen)
    }
    const beside = wordsBeside(objects(node.properties))
    if (beside !== '')
      for (const [name, property] of objects(node.properties))
        if (SURE_CODE_FIELD.test(name)) described.set(property, beside)
    if (node.items !== undefined)
      visitSchema(node.items, http, retry, /errors?/i.test(field) ? '' : field, inError, depth + 1, seen)
    for (const [name, property] of objects(node.properties))
      visitSchema(property, http, retry, name, inError || ERROR_NAME.test(name), depth + 1, seen)
    if (node.example !== undefined && typeof node.example === 'object') example(node.example, http, retry)
    for (const each of list(node.examples)) if (isObject(each)) example(each, http, retry)
  }

  const example = (value: unknown, http: number[], retry: StatedRetry | null) => {
    const found =
      typeof value === 'string'
        ? readExample(value, 0, '', http, true).statements
        : codesIn(value, { line: 0, context: '', http, inError: true })
    for (const statement of found) {
      push({
        ...statement,
        http: statement.http.length > 0 && http.length === 0 ? statement.http : http,
        retry: statement.retry ?? retry,
        from: 'example',
      })
    }
  }

  const visitResponse = (key: string, value: unknown) => {
    const status = /^[45]\d\d$/.test(key) ? [Number(key)] : []
    if (status.length === 0 && !/^[45]xx$/i.test(key) && key !== 'default') return
    const response = resolve(value)
    if (!isNew(response, key)) return
    const description = text(response.description)
    const retry = retryOf(response, description)
    const statuses = status.length > 0 ? status : /xx$/i.test(key) ? [Number(key[0])] : []
    const isSaid = !isNew(description, key)
    if (statuses.length > 0 && !isSaid) {
      const meaning = inlineOf(description).text
      push({
        about: 'status',
        line: 0,
        statuses,
        qualifier: '',
        meaning,
        action: '',
        retry: retry ? { ...retry, basis: 'status' } : null,
      })
    }
    for (const line of isSaid ? [] : description.split('\n')) {
      const inline = inlineOf(line.replace(/^\s*[-*+]\s+/, ''))
      const head = headOf(inline)
      if (head.codes.length === 0)
        for (const code of inline.marked)
          if (isStrong(code) && inline.text.includes(`(${code})`))
            add(code, status, inline.text, retryOfWords(inline.text))
      if (head.codes.length > 0 && (head.closed || inlineOf(line).marked.includes(head.codes[0])))
        for (const code of head.codes) add(code, status, head.rest, retryOfWords(head.rest))
    }
    if (!isSaid && /^\s*\|/m.test(description)) {
      const section: Block = { kind: 'heading', line: 0, level: 0.5, inline: inlineOf(`${key} errors`) }
      const read = readBlocks([
        section,
        ...lineBlocks(linesOf(description.slice(0, LONGEST_WORDS)).lines, htmlBlocks),
      ])
      for (const one of read.statements) push({ ...one, line: 0 })
    }
    for (const code of [
      ...list(response['x-error-codes']),
      ...list(response['x-errors']),
      ...list(response['x-codes']),
    ]) {
      if (typeof code === 'string') add(code, status, '', retry)
      else if (isObject(code))
        add(
          text(code.code) || text(code.name),
          status,
          text(code.description) || text(code.message),
          retryOf(code, text(code.description)) ?? retry,
        )
    }
    const schemaOf = (schema: unknown) => {
      if (isNew(resolve(schema), `${status} ${retry?.said}`))
        visitSchema(schema, status, retry, '', true, 0, new Set())
    }
    if (response.schema !== undefined) schemaOf(response.schema)
    for (const [, each] of Object.entries(isObject(response.examples) ? response.examples : {}))
      example(isObject(each) && 'value' in each ? each.value : each, status, retry)
    for (const [, media] of objects(response.content)) {
      if (media.schema !== undefined) schemaOf(media.schema)
      if (media.example !== undefined) example(media.example, status, retry)
      for (const [, each] of objects(media.examples)) {
        const one = resolve(each)
        const own = retryOfWords(`${text(one.summary)} ${text(one.description)}`)
        example(one.value ?? one, status, own ?? retry)
      }
    }
  }

  for (const [, path] of [...objects(root.paths), ...objects(root.webhooks)]) {
    for (const [, operation] of objects(resolve(path))) {
      for (const [key, response] of objects(operation.responses)) visitResponse(key, response)
    }
  }
  const written = [
    isObject(root.info) ? root.info.description : '',
    ...list(root.tags).map((tag) => (isObject(tag) ? tag.description : '')),
  ]
  for (const words of written) {
    const read = readBlocks(lineBlocks(linesOf(text(words).slice(0, LONGEST_WORDS)).lines, htmlBlocks))
    notes.push(...read.notes)
    statements.push(...read.statements.map((one) => ({ ...one, line: Math.max(one.line, 1) })))
  }
  for (const node of [
    root,
    isObject(root.info) ? root.info : {},
    isObject(root.components) ? root.components : {},
  ])
    for (const [key, value] of Object.entries(node))
      if (/^x-/.test(key) && ERROR_NAME.test(key))
        for (const one of codesIn(value, { line: 0, context: '', http: [], inError: true, isDocument: true }))
          push(one)
  // Errors that no operation names; without a status, unless their name says it.
  const components = isObject(root.components) ? root.components : {}
  const known = () => new Set(statements.flatMap((one) => (one.about === 'code' ? [one.code] : [])))
  const before = known()
  const count = statements.length
  for (const [name, schema] of objects(components.schemas ?? root.definitions)) {
    const isCodes = /(?:error|err|failure|problem)_?-?codes?$|error_?-?(?:type|reason)s?$/i.test(name)
    if (isCodes) visitSchema(schema, [], null, 'code', true, 0, new Set())
    else if (ERROR_NAME.test(name)) visitSchema(schema, [], null, '', true, 0, new Set())
  }
  const unnamed = statements.splice(count)
  for (const one of unnamed) if (one.about === 'code' && !before.has(one.code)) statements.push(one)
  return { statements: distinctStatus(statements), notes }
}
