import { columns, paint, plain, wrap } from './terminal.ts'

const LABEL = 10

/** `label     text`, wrapped beside the label; nothing where there is nothing to say. */
export const labelled = (label: string, text: string | null): string[] =>
  text ? indented(paint('dim', label.padEnd(LABEL)), LABEL, plain(text)) : []

/** A text that goes on below its own beginning, after a head of so many cells. */
export function indented(head: string, indent: number, text: string): string[] {
  const [first, ...rest] = wrap(text, columns() - indent)
  return [head + first, ...rest.map((line) => ' '.repeat(indent) + line)]
}
