/** JSON, with what pages put around and into it. */
export function parse(text: string): unknown {
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
