import { createHash } from 'node:crypto'
import { z } from 'zod'
import { markOf, type Shown } from '../store/queries/page.ts'
import { parseTime } from './time.ts'

// Where a list goes on, as text that means nothing to whoever carries it. It holds the period, so that "the last hour"
// stays the same hour from page to page, and which question it belongs to. It is not signed: whatever is written into
// it, it asks nothing that its own parameters could not.

/** Of a cursor of ours; no address may be much longer. */
export const MOST_CURSOR_CHARACTERS = 8_192

const time = z.string().transform((text, context) => {
  const found = parseTime(text, 0)
  if (found === null) context.addIssue('no time')
  return found ?? z.NEVER
})
const cursor = z
  .object({ question: z.string(), from: time, to: time, at: z.unknown() })
  .refine(({ from, to }) => from < to)
export type Cursor = z.output<typeof cursor>

export const encodeCursor = (written: Cursor): string =>
  Buffer.from(JSON.stringify(written)).toString('base64url')

export function decodeCursor(text: string): Cursor | null {
  try {
    return cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
  } catch {
    return null
  }
}

/** A question in a few letters; the period as it was asked for, which may be relative. */
export const questionOf = (...asked: unknown[]): string =>
  createHash('sha256').update(JSON.stringify(asked)).digest('base64url').slice(0, 16)

/** So many marks make a cursor that still fits into an address; of more rows, only their number is remembered. */
const MOST_MARKS = 1_000
const MARK_BYTES = 4

/** What was shown, as it stands in a cursor. */
export const shownPosition = z
  .object({ marks: z.base64(), forgotten: z.int().nonnegative() })
  .transform(({ marks, forgotten }): Shown => {
    const bytes = Buffer.from(marks, 'base64')
    const count = Math.floor(bytes.length / MARK_BYTES)
    return {
      marks: new Set(Array.from({ length: count }, (_, i) => bytes.readUInt32LE(i * MARK_BYTES))),
      forgotten,
    }
  })

/** What was shown, with another page of rows. */
export function nowShown({ marks, forgotten }: Shown, keys: string[]): z.input<typeof shownPosition> {
  const all = [...marks, ...keys.map(markOf)]
  const kept = all.slice(-MOST_MARKS)
  const bytes = Buffer.alloc(kept.length * MARK_BYTES)
  for (const [i, mark] of kept.entries()) bytes.writeUInt32LE(mark, i * MARK_BYTES)
  return { marks: bytes.toString('base64'), forgotten: forgotten + all.length - kept.length }
}
