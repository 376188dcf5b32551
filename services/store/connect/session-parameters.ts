/**
 * Bound parameters as settings of the session: `{name:Type}` in the next statements takes them. The embedded engine
 * runs statements that carry their parameters one after another, over all connections; those that find them in their
 * session run side by side.
 */
export function setParameters(params: Record<string, unknown>): string {
  const bound = Object.entries(params).filter(([, value]) => value !== undefined)
  return bound.length === 0
    ? ''
    : `SET ${bound.map(([name, value]) => `param_${name} = ${literal(written(value))}`).join(', ')}`
}

/** As the engine reads a parameter: a text is escaped, texts in a list are quoted besides. */
function written(value: unknown): string {
  if (typeof value === 'string') return escaped(value)
  if (Array.isArray(value))
    return `[${value.map((one) => (typeof one === 'string' ? literal(one) : written(one))).join(',')}]`
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new TypeError(`no parameter is made of ${typeof value}`)
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '\\0' }
const escaped = (text: string): string => text.replace(/[\\\t\n\r\0]/g, (found) => ESCAPES[found]!)
const literal = (text: string): string => `'${escaped(text).replaceAll("'", "\\'")}'`
