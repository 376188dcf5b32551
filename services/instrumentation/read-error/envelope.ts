import { valueAt } from './tree.ts'

/** Where a catalog says that an error's body holds what: JSON pointers, like /error/code. */
export interface Envelope {
  code?: string
  message?: string
  request_id?: string
  details?: string
}

/** What a pointer (RFC 6901) points to, undefined where that is nothing. */
export function pointedAt(tree: unknown, pointer: string | undefined): unknown {
  if (pointer === undefined) return undefined
  let at = tree
  for (const step of pointer.split('/').slice(1)) {
    if (typeof at !== 'object' || at === null) return undefined
    at = valueAt(at, step.replaceAll('~1', '/').replaceAll('~0', '~'))
  }
  return at
}

/** A text or number that a pointer points to; what is empty counts for nothing. */
export function pointedText(tree: unknown, pointer: string | undefined): string | null {
  const value = pointedAt(tree, pointer)
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}
