import { type CodeKey, SHAPE } from './code-keys.ts'
import { type KeyMeaning, meaningOf } from './key-meaning.ts'
import { fieldOf, type Node } from './tree.ts'

// Where in a body a code may stand: what its key says, seen with what is around it.

/** A code may be an object of its value (`<Code><Value>…`, `<Code lang="en">…`). */
export function placeOf({ key: parent, object }: Node, key: string, { code }: KeyMeaning): CodeKey | null {
  if (/^(?:value|text)$/i.test(key)) {
    if (/^subcode$/i.test(parent)) return { cost: -12, form: 'fault' }
    return /^code$/i.test(parent) ? { cost: -11, form: 'fault' } : null
  }
  // Kubernetes' reasons are codes, though some are reason phrases too.
  if (/^reason$/i.test(key) && fieldOf(object, 'kind') === 'Status') return { cost: 6, form: 'word' }
  if (/^id$/i.test(key)) return idPlace(parent, object) ?? code
  return code
}

/** An id is a code where it is one of errors and not of this error: `{ type: 'Error', id: 'NotFound' }`, `error: { id: 1011 }`. */
function idPlace(parent: string, object: object): CodeKey | null {
  const id = fieldOf(object, 'id')
  if (fieldOf(object, 'type') === 'Error' && typeof id === 'string' && /^[A-Za-z]{3,64}$/.test(id))
    return SHAPE
  const isSmall = /^\d{1,6}$/.test(typeof id === 'string' || typeof id === 'number' ? String(id) : '')
  return /^error$/i.test(parent) && isSmall ? { cost: 8, form: 'explicit' } : null
}

/** A message may be an object of its words (`message: { lang, value }`). */
export const isMessageOf = ({ key: parent }: Node, key: string): boolean =>
  /^(?:value|text|en)$/i.test(key) && /^(?:message|reason|text)$/i.test(parent)

/** `request: { id }` is a request_id. */
export const idOf = ({ key: parent }: Node): number | null =>
  /^(?:request|correlation|trace)$/i.test(parent) ? meaningOf(`${parent}id`).requestId : null

/** Whether an object has words for a person too, as errors do. */
export type Speech = 'surely' | 'somehow' | 'no'

/** A weak name needs words beside it; away from where errors stand, only what is surely a code is one. */
export function isCodeAllowed(
  { zone, key: parent }: Node,
  { cost, form }: CodeKey,
  value: string | number,
  speech: Speech,
): boolean {
  const speaks = speech !== 'no'
  // `{ status: 'DOWN' }` is the state of a thing.
  if (form === 'status' && !speaks && meaningOf(parent).container !== 'error')
    return typeof value === 'string' && value.includes('_')
  if (form === 'snake' || form === 'name') return zone === 'error' && speaks
  if (zone === 'error') return true
  if (zone === 'inner') {
    if (form === 'explicit' || form === 'fault') return cost <= 1 || speaks
    return form === 'error' || ((form === 'type' || form === 'word') && speaks)
  }
  if (form === 'explicit' || form === 'fault') return cost <= 0 || speech === 'surely'
  return form === 'word' && speech === 'surely'
}
