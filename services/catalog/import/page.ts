// What every reader of documents turns a page into, so that one reader of blocks serves Markdown, HTML and plain text.

/** Text without its markup, and the pieces of it that stood out: in code style or bold. */
export interface Inline {
  text: string
  marked: string[]
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
  | { kind: 'table'; line: number; header: Inline[]; rows: Row[] }
  | { kind: 'example'; line: number; text: string }

export type Table = Extract<Block, { kind: 'table' }>

/** Where a plain-text heading stands in the order: below every heading that says so itself. */
export const GUESSED_HEADING = 9

export const joinInline = (parts: readonly Inline[]): Inline => ({
  text: parts
    .map(({ text }) => text)
    .filter((text) => text !== '')
    .join(' '),
  marked: parts.flatMap(({ marked }) => marked),
})
