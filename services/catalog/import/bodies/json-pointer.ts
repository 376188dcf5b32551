export type Json = Record<string, unknown>

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** References that refer to references end here. */
const MOST_HOPS = 16

/** What a value stands for, where it is a reference within its document; {} where it leads nowhere. */
export function resolved(root: Json, value: unknown): Json {
  let node = value
  for (let hops = 0; hops < MOST_HOPS && isObject(node) && typeof node.$ref === 'string'; hops++)
    node = at(root, node.$ref)
  return isObject(node) ? node : {}
}

function at(root: Json, reference: string): unknown {
  if (!reference.startsWith('#/')) return null
  let node: unknown = root
  for (const step of reference.slice(2).split('/')) {
    if (!isObject(node)) return null
    const key = decode(step).replaceAll('~1', '/').replaceAll('~0', '~')
    node = Object.hasOwn(node, key) ? node[key] : null
  }
  return node
}

function decode(step: string): string {
  try {
    return decodeURIComponent(step)
  } catch {
    return step
  }
}
