import { readExample } from '../bodies/read-example.ts'
import { isScope, type Part } from '../outline/outline.ts'
import type { Surroundings } from '../outline/surroundings.ts'
import { type Block, GUESSED_HEADING } from '../page.ts'
import type { CodeStatement, StatedRetry } from '../statement.ts'
import { retryOfText } from '../words/retry-words.ts'
import { statusesIn } from '../words/status-text.ts'

/** The parts of a page on both sides. */
export interface Beside {
  before: Part | undefined
  after: Part | undefined
}

/** The codes of an example, with the statuses that its caption or the section says. */
export function exampleStatements(
  { text, line, caption }: Extract<Block, { kind: 'example' }>,
  { before, after }: Beside,
  around: Surroundings,
  fields: Set<string>,
): CodeStatement[] {
  const leads =
    before?.kind === 'paragraph'
      ? before.inline.text
      : before !== undefined && isScope(before) && (before.kind === 'item' || before.level >= GUESSED_HEADING)
        ? before.head.text
        : ''
  const said = caption ?? leads
  const behind = after?.kind === 'paragraph' && !after.inline.text.endsWith(':') ? after.inline.text : ''
  const named = statusesOfExample(said, caption !== undefined)
  const example = readExample(text, line, said.slice(-160), named.length > 0 ? named : around.above)
  for (const field of example.fields) fields.add(field)
  if (around.foreign) return []
  if (example.statements.length !== 1) return example.statements
  const [one] = example.statements
  const isOf = (words: string) =>
    words.length <= 300 &&
    statusesIn(words).exact.every((status) => named.includes(status) || one.http.includes(status))
  const [words] = [isOf(said) ? said : '', BACK.test(behind) && isOf(behind) ? behind : ''].flatMap(
    (each) => retryOfText(each) ?? [],
  )
  // What only implies it counts where a section or a sentence is about this one error.
  const isSaid = words !== undefined && (words.explicit || around.above.length > 0 || behind !== '')
  const retry: StatedRetry | null = isSaid
    ? { said: words.said, basis: words.explicit ? 'text' : 'implied' }
    : null
  return [{ ...one, retry: one.retry ?? retry }]
}

/** "That one doesn't go away": said of what stands before. */
const BACK = /^(?:this|that|it|these|here|in this case|such)\b/i

/** "`403 Forbidden`" right above an example. */
function statusesOfExample(caption: string, beside: boolean): number[] {
  if (caption.length > 160 && !beside) return []
  const failing = statusesIn(caption).exact.filter((status) => status >= 400)
  return failing.length === 1 ? failing : []
}
