import type { Inline } from '../page.ts'
import { roleOf } from '../words/header-words.ts'
import { isStatusCell, labelledStatuses, statusAlone } from '../words/status-text.ts'
import { isScope, type Scope } from './outline.ts'

/** A code standing over "HTTP Status Code: 403" needs no heading that speaks of errors. */
export function bodyHasStatus(scope: Scope): boolean {
  let most = 8
  const visit = ({ parts }: Scope): boolean =>
    parts.some((part) => {
      if (most-- <= 0) return false
      if (isScope(part)) return hasStatus(part.head.text) || isStatusFact(factOf(part)) || visit(part)
      if (part.kind === 'paragraph') return hasStatus(part.inline.text)
      if (part.kind === 'table')
        return (
          part.rows.length <= 12 && [part.header, ...part.rows.map(({ cells }) => cells)].some(isStatusFact)
        )
      return part.kind === 'example' && hasStatus(part.text.slice(0, 2000))
    })
  return visit(scope)
}

/** A term and what is said of it. */
const factOf = ({ kind, head, parts: [body] }: Scope): readonly Inline[] =>
  kind === 'definition' && body?.kind === 'paragraph' ? [head, body.inline] : []

const isStatusFact = ([label, value]: readonly Inline[]): boolean =>
  label !== undefined && value !== undefined && roleOf(label.text) === 'status' && isStatusCell(value.text)

const hasStatus = (text: string): boolean =>
  [...statusAlone(text), ...labelledStatuses(text).exact].some((status) => status >= 400)
