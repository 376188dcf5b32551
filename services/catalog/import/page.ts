// What every reader of documents turns a page into, so that one reader of blocks serves Markdown, HTML and plain text.

/** Text without its markup, and the pieces of it that stood out: in code style or bold. A description of several
 * paragraphs has a line for each. */
export interface Inline {
  text: string
  marked: string[]
  /** Marks of footnotes that were taken out, with the word before each. */
  notes?: NoteMark[]
}

export interface NoteMark {
  id: string
  after: string
}

export interface Row {
  line: number
  cells: Inline[]
}

export type Block =
  | { kind: 'heading'; line: number; level: number; inline: Inline }
  | { kind: 'paragraph'; line: number; inline: Inline }
  | { kind: 'item'; line: number; depth: number; inline: Inline }
  | { kind: 'definition'; line: number; term: Inline; body: Inline }
  | { kind: 'footnote'; line: number; id: string; inline: Inline }
  | { kind: 'table'; line: number; header: Inline[]; rows: Row[] }
  /** `caption`: what stood beside it, where that is not the block before. */
  | { kind: 'example'; line: number; text: string; caption?: string }

export type Table = Extract<Block, { kind: 'table' }>

/** Where a plain-text heading stands in the order: below every heading that says so itself. */
export const GUESSED_HEADING = 9

/** Titles of accordions, tabs and the like stand under the headings that say their level, over those that do not. */
export const COMPONENT_HEADING = 7

export const joinInline = (parts: readonly Inline[]): Inline => ({
  text: parts
    .map(({ text }) => text)
    .filter((text) => text !== '')
    .join(' '),
  marked: parts.flatMap(({ marked }) => marked),
  notes: parts.flatMap(({ notes = [] }) => notes),
})

export const joinParagraphs = (paragraphs: readonly Inline[]): Inline => ({
  text: paragraphs.map(({ text }) => text).join('\n'),
  marked: paragraphs.flatMap(({ marked }) => marked),
  notes: paragraphs.flatMap(({ notes = [] }) => notes),
})
