import { elementsOf, isList, valueAt } from '../read-error/tree.ts'

/** Under these names an exception holds the one it was made from. */
const INNER = ['cause', 'original', 'originalError', 'innerError', 'networkError', 'lastError']
const MOST = 24

/**
 * What was thrown and what it was made from: causes, wrapped errors, the parts of an AggregateError. Outermost first,
 * each once, for causes may go in a circle.
 */
export function exceptionsIn(thrown: unknown): object[] {
  const found: object[] = []
  const add = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if (found.length < MOST && !found.includes(value)) found.push(value)
  }
  add(thrown)
  for (let at = 0; at < found.length; at++) {
    const exception = found[at]!
    for (const name of INNER) add(valueAt(exception, name))
    const parts = valueAt(exception, 'errors')
    // GraphQL clients' `errors` are no exceptions: they are read as the body that they come from.
    if (isList(parts)) for (const part of elementsOf(parts)) if (part instanceof Error) add(part)
  }
  return found
}
