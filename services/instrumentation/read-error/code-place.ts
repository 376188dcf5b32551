import { type CodeKey, SHAPE } from './code-keys.ts'
import { type KeyMeaning, meaningOf } from './key-meaning.ts'
import { type Node, valueAt } from './tree.ts'

// Where in a body a code may stand: what its key says, seen with what is around it.

/** A code may be an object of its value (`<Code><Value>…`, `<Code lang="en">…`). */
export function placeOf({ key: parent, object }: Node, key: string, { code }: KeyMeaning): CodeKey | null {
  if (/^(?:value|text)$/i.test(key)) {
    if (/^subcode$/i.test(parent)) return { cost: -12, form: 'fault' }
    return /^code$/i.test(parent) ? { cost: -11, form: 'fault' } : null
  }
  // Kubernetes' reasons are codes, though some are reason phrases too.
  if (key === 'reason' && valueAt(object, 'kind') === 'Status') return { cost: 6, form: 'word' }
  if (key === 'id') return idPlace(parent, object) ?? code
  return code
}

/** An id is a code where it is one of errors and not of this error: `{ type: 'Error', id: 'NotFound' }`, `error: { id: 1011 }`. */
function idPlace(parent: string, object: object): CodeKey | null {
  const id = valueAt(object, 'id')
  if (valueAt(object, 'type') === 'Error' && typeof id === 'string' && /^[A-Za-z]{3,64}$/.test(id))
    return SHAPE
  const isSmall = /^\d{1,6}$/.test(typeof id === 'string' || typeof id === 'number' ? String(id) : '')
  return parent === 'error' && isSmall ? { cost: 8, form: 'explicit' } : null
}

/** A message may be an object of its words (`message: { lang, value }`). */
export const isMessageOf = ({ key: parent }: Node, key: string): boolean =>
  /^(?:value|text|en)$/i.test(key) && /^(?:message|reason|text)$/i.test(parent)

/** `request: { id }` is a request_id. */
export const idOf = ({ key: parent }: Node): number | null =>
  /^(?:request|correlation|trace)$/i.test(parent) ? meaningOf(`${parent}id`).requestId : null

/** Away from where errors stand, only what is surely a code is one. */
export function isCodeAllowed(
  { zone }: Node,
  { cost, form }: { cost: number; form: string },
  speaks: boolean,
): boolean {
  if (form === 'snake') return zone === 'error' && speaks
  if (zone === 'error') return true
  if (form === 'explicit' || form === 'fault') return cost <= 0 || speaks || (zone === 'inner' && cost <= 1)
  if (form === 'word') return speaks
  return zone === 'inner' && (form === 'error' || (form === 'type' && speaks))
}
