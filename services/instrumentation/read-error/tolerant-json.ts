// Reads JSON that is cut off or slightly wrong, and keeps what stands there until then. One pass, no backtracking.

/** An error envelope is a few levels deep. */
const DEEPEST = 64
/** Shorter, a text that was cut off may be half a code or half an id; longer, it is prose. */
const SHORTEST_CUT_TEXT = 129

const ESCAPES: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }
const LITERAL = /[^\s,\]}:"]+/y
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const WORDS = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
])

/** What was cut off and must not be taken for whole. */
const NOTHING = Symbol('nothing')

export function tolerantJson(text: string, from = 0): unknown {
  let at = from

  function skip(): void {
    for (; at < text.length; at++) {
      const char = text.charCodeAt(at)
      if (char > 32 && char !== 0xfeff) return
    }
  }

  function value(depth: number): unknown {
    skip()
    const char = text[at]
    if (char === '{' || char === '[') {
      at++
      if (depth > DEEPEST) {
        at = text.length
        return NOTHING
      }
      return char === '{' ? object(depth) : list(depth)
    }
    if (char === '"') return string()
    return literal()
  }

  function object(depth: number): Record<string, unknown> {
    const read: Record<string, unknown> = Object.create(null)
    while (at < text.length) {
      skip()
      const char = text[at]
      if (char === '}') {
        at++
        break
      }
      if (char === '"') {
        const key = string()
        skip()
        if (text[at] !== ':') continue
        at++
        const item = value(depth + 1)
        if (typeof key === 'string' && item !== NOTHING) read[key] = item
      } else at++
    }
    return read
  }

  function list(depth: number): unknown[] {
    const read: unknown[] = []
    while (at < text.length) {
      skip()
      const char = text[at]
      if (char === ']') {
        at++
        break
      }
      if (char === ',' || char === '}' || char === ':') {
        at++
        continue
      }
      const item = value(depth + 1)
      if (item !== NOTHING) read.push(item)
    }
    return read
  }

  function string(): unknown {
    let read = ''
    let start = ++at
    for (; at < text.length; at++) {
      const char = text[at]
      if (char === '"') {
        read += text.slice(start, at++)
        return read
      }
      if (char !== '\\') continue
      read += text.slice(start, at)
      const escaped = text[++at] ?? ''
      if (escaped === 'u') {
        const unit = Number.parseInt(text.slice(at + 1, at + 5), 16)
        read += Number.isNaN(unit) ? '' : String.fromCharCode(unit)
        at += 4
      } else read += ESCAPES[escaped] ?? escaped
      start = at + 1
    }
    read += text.slice(start)
    return read.length >= SHORTEST_CUT_TEXT ? read : NOTHING
  }

  function literal(): unknown {
    LITERAL.lastIndex = at
    const word = LITERAL.exec(text)?.[0] ?? ''
    if (word === '') return NOTHING
    at += word.length
    if (WORDS.has(word)) return WORDS.get(word)
    // A number at the very end may go on where the text was cut.
    return NUMBER.test(word) && at < text.length ? Number(word) : NOTHING
  }

  const read = value(0)
  return read === NOTHING ? undefined : read
}
