import { isObject, type Json } from '../bodies/json-pointer.ts'
import { htmlBlocks } from '../html/html-blocks.ts'
import type { Read, Statement } from '../statement.ts'

// A Smithy model as JSON: shapes with the error trait.

export const isSmithy = (value: unknown): value is Json =>
  isObject(value) && 'smithy' in value && isObject(value.shapes)

export function readSmithy(model: Json): Read {
  const statements: Statement[] = []
  for (const [id, shape] of Object.entries(model.shapes as Json)) {
    const traits = isObject(shape) && isObject(shape.traits) ? shape.traits : {}
    const fault = traits['smithy.api#error']
    if (fault !== 'client' && fault !== 'server') continue
    const query = isObject(traits['aws.protocols#awsQueryError']) ? traits['aws.protocols#awsQueryError'] : {}
    const code = typeof query.code === 'string' ? query.code : (id.split('#').pop() as string)
    // Without the trait the specification has 400 for the client's faults and 500 for the server's.
    const status = Number(
      query.httpResponseCode ?? traits['smithy.api#httpError'] ?? (fault === 'client' ? 400 : 500),
    )
    const documentation = traits['smithy.api#documentation']
    statements.push({
      about: 'code',
      line: 0,
      code,
      http: status >= 100 && status <= 599 ? [status] : [],
      meaning: typeof documentation === 'string' ? wordsOf(documentation) : '',
      action: '',
      retry: 'smithy.api#retryable' in traits ? { said: 'yes', basis: 'column' } : null,
      from: 'definition',
      context: '',
    })
  }
  return { statements, notes: [] }
}

const wordsOf = (documentation: string): string =>
  htmlBlocks(documentation.slice(0, 5000))
    .map((block) => ('inline' in block ? block.inline.text : ''))
    .join(' ')
    .trim()
