import type { Inline } from '../page.ts'
import { codesOfCell } from '../words/code-cell.ts'
import { isStrong } from '../words/code-shape.ts'
import { roleOf } from '../words/header-words.ts'
import { isLabels, labelsIn } from '../words/labels.ts'
import { isScope, type Part, type Scope } from './outline.ts'

// "Card refused", and below it "Code: card_refused": an error whose head is its title, and which names its code among its
// labels.

const NAMES_CODE = /\b(?:code|errno|identifier|id|slug|constant|key|number)$/i
/** A few lines below the title. */
const FEW = 8

export function labelledCodes(scope: Scope): string[] {
  const facts = scope.parts.slice(0, FEW).flatMap(factsOf)
  const saysStatus = facts.some(({ label }) => roleOf(label) === 'status')
  const found = facts.flatMap(({ label, value }) => {
    if (roleOf(label) !== 'code') return []
    const codes = codesOfCell(value)
    return codes.filter(
      (code) => isStrong(code) || (NAMES_CODE.test(label.trim()) && isApart(code, saysStatus)),
    )
  })
  return [...new Set(found)]
}

/** "Code: 404" is the status, unless another label says that. */
const isApart = (code: string, saysStatus: boolean): boolean => !/^[1-5]\d\d$/.test(code) || saysStatus

const FACTS: ReadonlySet<string | null> = new Set(['code', 'status', 'retry', 'meaning', 'action'])

interface Fact {
  label: string
  value: Inline
}

function factsOf(part: Part): Fact[] {
  if (!isScope(part)) {
    if (part.kind === 'paragraph') return ofLines(part.inline)
    if (part.kind !== 'table') return []
    // The first label may stand where a header would.
    const isFact = part.header.length === 2 && roleOf(part.header[1].text) === null
    const filled = [...(isFact ? [part.header] : []), ...part.rows.map(({ cells }) => cells)]
    const roles = new Set(filled.map(([label]) => roleOf(label.text)).filter((role) => FACTS.has(role)))
    const isOfError = roles.size > 1
    return isOfError && isLabels(filled) ? filled.map(([label, value]) => ({ label: label.text, value })) : []
  }
  const [body] = part.parts
  if (part.kind === 'definition' && body !== undefined && !isScope(body) && body.kind === 'paragraph')
    return [{ label: part.head.text, value: body.inline }]
  return part.kind === 'item' ? ofLines(part.head) : []
}

const ofLines = ({ text, marked }: Inline): Fact[] =>
  text
    .split('\n')
    .flatMap(labelsIn)
    .map(({ label, value }) => ({ label, value: { text: value, marked } }))
