import type { Block, Inline } from '../page.ts'
import { bareToken, habitOf, isStrong, notACode } from '../words/code-shape.ts'

// The blocks of a page as what holds what: sections hold paragraphs, tables and sections, items hold items.

export type Part = Scope | Exclude<Block, { kind: 'heading' | 'item' | 'definition' }>

export interface Scope {
  kind: 'page' | 'heading' | 'item' | 'definition'
  line: number
  /** Of a heading among headings, the depth of an item among items. */
  level: number
  head: Inline
  parent: Scope | null
  parts: Part[]
}

export const isScope = (part: Part): part is Scope => 'parts' in part

/** The depth of an item that is a paragraph. */
export const LEAD = -1

/** Deeper than people nest, so that a page made to cost cannot overflow the stack. */
const DEEPEST = 60

export function outlineOf(blocks: readonly Block[]): Scope {
  const page: Scope = {
    kind: 'page',
    line: 1,
    level: 0,
    head: { text: '', marked: [] },
    parent: null,
    parts: [],
  }
  let section = page
  let items: Scope[] = []
  let lead: Scope | null = null
  for (const block of blocks) {
    if (block.kind !== 'item') items = []
    if (block.kind === 'heading') lead = null
    if (block.kind === 'heading') {
      while (section.parent && section.level >= block.level) section = section.parent
      section = within(section, 'heading', block.line, block.level, block.inline)
    } else if (block.kind === 'item') {
      while (items.length > 0 && (items[items.length - 1].level >= block.depth || items.length >= DEEPEST))
        items.pop()
      items.push(within(items.at(-1) ?? section, 'item', block.line, block.depth, block.inline))
    } else if (block.kind === 'definition') {
      const scope = within(section, 'definition', block.line, 0, block.term)
      scope.parts.push({ kind: 'paragraph', line: block.line, inline: block.body })
    } else if (block.kind === 'paragraph' && isLead(block.inline)) {
      lead = within(section, 'item', block.line, LEAD, block.inline)
    } else if (lead && goesOn(lead, block)) lead.parts.push(block)
    else section.parts.push(block)
  }
  return page
}

/** Does a paragraph begin with a name in code style or bold, set off from what follows? */
function isLead(inline: Inline): boolean {
  return isTitle(inline) || beginsWithName(inline)
}

/** "**Q: What does E1001 mean?**" */
const isTitle = ({ text, marked: [first] }: Inline): boolean =>
  first === text && text.length <= 100 && /[?？]$/.test(text)

function beginsWithName({ text, marked: [first] }: Inline): boolean {
  const token = bareToken(first ?? text.slice(0, 130).split(/\s/, 1)[0])
  const at = text.slice(0, 4).indexOf(token.slice(0, 3))
  if (at === -1 || !text.startsWith(token, at) || notACode(token) !== null) return false
  const after = text.slice(at + token.length).replace(/^["'”`*)\]]+/, '')
  const habit = habitOf(token)
  if (habit === null || (habit === 'numeric' && !/^-?\d{4,9}$/.test(token))) return false
  if (!isStrong(token) && (first === undefined || habit === 'word')) return false
  // `token_bogus` Void The token is not known.
  if (
    first !== undefined &&
    (isStrong(token) || habit === 'numeric' || PARTS.test(token)) &&
    /^\s+\p{Lu}/u.test(after)
  )
    return true
  return /^\s*(?:[:：|]|[-–—]\s|\((?:HTTP )?[1-5]\d\d|[45]\d\d\b|$)/i.test(after)
}

const PARTS = /[\p{L}\d][-_./:][\p{L}\d]/u

/** A name alone is described by what follows; one with words behind it is described by them. */
const goesOn = ({ head: { text } }: Scope, { kind }: Block): boolean =>
  (kind === 'paragraph' || kind === 'example') &&
  (/[?？]$/.test(text) || text.length < 60) &&
  !/\s\S+\s\S+\s\S+[.!。]\s*$/.test(text)

function within(parent: Scope, kind: Scope['kind'], line: number, level: number, head: Inline): Scope {
  const scope: Scope = { kind, line, level, head, parent, parts: [] }
  parent.parts.push(scope)
  return scope
}

/** All of a kind that an outline holds, in order. */
export function scopesIn(scope: Scope, kind: Scope['kind']): Scope[] {
  const inner = scope.parts.filter(isScope)
  return inner.flatMap((each) => [...(each.kind === kind ? [each] : []), ...scopesIn(each, kind)])
}
