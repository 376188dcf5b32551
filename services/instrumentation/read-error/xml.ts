// XML as the same kind of tree that JSON is: an element is an object of its attributes and children, or its text; what
// repeats is a list. Namespace prefixes are dropped. No entity but the five and the numeric ones is ever expanded.

/** SOAP, the deepest habit, needs about ten. */
const DEEPEST = 64
const MOST_ELEMENTS = 2000

type Element = Record<string, unknown>
interface Open {
  name: string
  /** Made when there is one: most elements have only text. */
  children: Element | null
  text: string
}

const NAME = /[^\s/>=]+/y
const ATTRIBUTE = /\s+([^\s/>="']+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y
const ENTITY = /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/gi
const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** Reads until the text ends or makes no sense; what was open is closed there. */
export function readXml(text: string): unknown {
  const root: Open = open('')
  const stack: Open[] = [root]
  let elements = 0
  let at = 0
  while (at < text.length) {
    const tag = text.indexOf('<', at)
    const top = stack[stack.length - 1]!
    // Text that was cut off is not taken for whole.
    if (tag < 0) break
    if (tag > at) top.text += expanded(text.slice(at, tag))
    const mark = text[tag + 1]
    if (mark === '!' && text.startsWith('<!--', tag)) at = after(text, '-->', tag + 4)
    else if (mark === '!' && text.startsWith('<![CDATA[', tag)) {
      at = after(text, ']]>', tag + 9)
      if (at <= text.length) top.text += text.slice(tag + 9, at - 3)
    } else if (mark === '!') at = afterDeclaration(text, tag)
    else if (mark === '?') at = after(text, '>', tag + 2)
    else if (mark === '/') {
      at = after(text, '>', tag + 2)
      close(stack, localName(text.slice(tag + 2, at - 1).trim()))
    } else {
      NAME.lastIndex = tag + 1
      const name = NAME.exec(text)?.[0]
      if (name === undefined) {
        at = tag + 1
        continue
      }
      if (++elements > MOST_ELEMENTS || stack.length > DEEPEST) break
      const element = open(localName(name))
      at = tag + 1 + name.length
      if (text[at] !== '>') at = readAttributes(text, at, element)
      const end = text.indexOf('>', at)
      if (end < 0) break
      stack.push(element)
      if (text[end - 1] === '/') closeTop(stack)
      at = end + 1
    }
  }
  // Whatever is open here was cut off: its text may be half of one, its children are whole.
  while (stack.length > 1) {
    stack[stack.length - 1]!.text = ''
    closeTop(stack)
  }
  return root.children ?? {}
}

const open = (name: string): Open => ({ name, children: null, text: '' })

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

/** The end of what starts before `from`; beyond the text where it never ends. */
function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from)
  return found < 0 ? text.length + 1 : found + mark.length
}

/** A document type may hold declarations in brackets, with > in them. */
function afterDeclaration(text: string, from: number): number {
  const end = after(text, '>', from)
  const bracket = text.slice(from, end).indexOf('[')
  return bracket < 0 ? end : after(text, ']>', from + bracket)
}

function readAttributes(text: string, from: number, into: Open): number {
  let at = from
  for (;;) {
    ATTRIBUTE.lastIndex = at
    const found = ATTRIBUTE.exec(text)
    if (found === null) return at
    at = ATTRIBUTE.lastIndex
    const [, name, double, single] = found
    if (name === 'xmlns' || /^(?:xmlns|xml|xsi):/.test(name!)) continue
    put(into, localName(name!), expanded(double ?? single ?? ''))
  }
}

/** Closes the innermost element of that name; a closing tag that nothing opened is passed over. */
function close(stack: Open[], name: string): void {
  for (let i = stack.length - 1; i > 0; i--) {
    if (stack[i]!.name !== name) continue
    while (stack.length > i) closeTop(stack)
    return
  }
}

function closeTop(stack: Open[]): void {
  const element = stack.pop()!
  const words = element.text.trim()
  if (element.children !== null && words !== '') put(element, 'text', words)
  put(stack[stack.length - 1]!, element.name, element.children ?? words)
}

function put(into: Open, name: string, value: unknown): void {
  into.children ??= Object.create(null) as Element
  const before = into.children[name]
  if (before === undefined) into.children[name] = value
  else if (Array.isArray(before)) before.push(value)
  else into.children[name] = [before, value]
}

function expanded(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(ENTITY, (_, hex, decimal, name) => {
    if (name) return NAMED[name.toLowerCase()]!
    const point = hex ? Number.parseInt(hex, 16) : Number(decimal)
    return point <= 0x10ffff ? String.fromCodePoint(point) : ''
  })
}
