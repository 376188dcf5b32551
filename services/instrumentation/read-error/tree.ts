import { type Container, meaningOf } from './key-meaning.ts'

// The body as a tree of objects, lists and values, from wherever it came: walked breadth first, within limits, and read
// with care, for a tree that a client hands over may have getters that throw, be a proxy, or contain itself.

const MOST_NODES = 400
const MOST_KEYS = 256
/** Of a list of errors; the first one says what went wrong. */
const MOST_ELEMENTS = 16
const DEEPEST = 12

/** Where in the body a node stands. */
export type Zone = 'error' | 'inner' | 'other'

export interface Node {
  object: object
  /** How far from where an error is expected; the lowest wins. */
  cost: number
  zone: Zone
  depth: number
  /** The name it stands under, '' at the root. */
  key: string
}

const COST: Record<Container | 'none', number> = { error: 10, inner: 12, wrapper: 3, none: 30 }

export class Walk {
  private readonly queue: Node[] = []
  private next = 0

  constructor(root: unknown) {
    this.add(root, { object: {}, cost: 0, zone: 'error', depth: 0, key: '' })
  }

  take(): Node | undefined {
    return this.next < MOST_NODES ? this.queue[this.next++] : undefined
  }

  /** What stands under `key` of `from`; lists stand for their elements. */
  addChild(value: object, key: string, from: Node, container: Container | null): void {
    this.add(value, {
      object: value,
      cost: from.cost + costOf(container, from),
      zone: zoneOf(container, from.zone),
      depth: from.depth + 1,
      key,
    })
  }

  private add(value: unknown, node: Node): void {
    if (typeof value !== 'object' || value === null) return
    if (node.depth > DEEPEST || this.queue.length >= MOST_NODES) return
    if (!isList(value)) {
      this.queue.push({ ...node, object: value })
      return
    }
    elementsOf(value).forEach((element, index) => {
      // A list of lists is rare, and nothing that names a code.
      if (typeof element !== 'object' || element === null || isList(element)) return
      this.queue.push({ ...node, object: element, cost: node.cost + 2 * index })
    })
  }
}

/** `Fault: { type, Error: [{ code }] }`: the error proper is the inner one, and no further off. */
function costOf(container: Container | null, { key }: Node): number {
  if (container !== 'error' || key === '') return COST[container ?? 'none']
  return meaningOf(key).container === 'error' ? 3 : COST.error
}

function zoneOf(container: Container | null, from: Zone): Zone {
  if (container === 'error') return 'error'
  if (container === 'wrapper') return from
  return container === 'inner' && from !== 'other' ? 'inner' : 'other'
}

/** A revoked proxy throws even here. */
export function isList(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value)
  } catch {
    return false
  }
}

export function keysOf(object: object): string[] {
  try {
    const keys = Object.keys(object)
    return keys.length > MOST_KEYS ? keys.slice(0, MOST_KEYS) : keys
  } catch {
    return []
  }
}

export function valueAt(object: object, key: string): unknown {
  try {
    return (object as Record<string, unknown>)[key]
  } catch {
    return undefined
  }
}

/** What stands under a lower-case name, or under the same with a capital, as some write all theirs. */
export const fieldOf = (object: object, name: string): unknown =>
  valueAt(object, name) ?? valueAt(object, name.slice(0, 1).toUpperCase() + name.slice(1))

export function elementsOf(list: readonly unknown[]): unknown[] {
  try {
    const elements: unknown[] = []
    const count = Math.min(list.length, MOST_ELEMENTS)
    for (let i = 0; i < count; i++) elements.push(valueAt(list, String(i)))
    return elements
  } catch {
    return []
  }
}
