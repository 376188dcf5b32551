import type { CodeStatement, Note, Statement } from '../statement.ts'
import { isAboutErrors } from '../words/header-words.ts'
import type { Surroundings } from './surroundings.ts'

// Names that stand together: the rows of a table, the items of a list, the headings of a section. Where all others on a
// page have statuses, a group without any that nothing near calls errors is of something else: payment methods, states.

export interface Group {
  statements: Statement[]
  around: Surroundings
  /** The words of a table's header. */
  header: string
}

/** How much of a page's codes must have statuses for those without to be strangers. */
const MOST = 0.75

/** `examples`: codes that bodies of responses show. */
export function strangersIn(
  groups: readonly Group[],
  examples: readonly CodeStatement[],
): { statements: Set<Statement>; notes: Note[] } {
  const all = groups.map((group) => ({ ...group, codes: group.statements.filter(isCode) }))
  const hasStatus = ({ codes }: { codes: CodeStatement[] }) => codes.some(({ http }) => http.length > 0)
  const coded = all.filter(({ codes }) => codes.length > 0)
  const known = coded.filter(hasStatus).flatMap(({ codes }) => codes)
  const shown = examples.filter(({ http }) => http.length > 0)
  const withStatus = [...known, ...shown].filter(({ http }) => http.length > 0).length
  const nothing = { statements: new Set<Statement>(), notes: [] }
  if (withStatus < 3 || withStatus < (known.length + shown.length) * MOST) return nothing
  const withOne = coded.filter(hasStatus)
  const strangers = coded
    .filter((group) => !hasStatus(group) && !isCalledErrors(group) && !isPartOfErrors(group, withOne))
    .flatMap(({ codes, around }) => codes.map((one) => ({ one, title: around.path.at(-1) ?? '' })))
    .filter(({ one }) => one.retry === null)
  return {
    statements: new Set(strangers.map(({ one }) => one)),
    notes: strangers.map(({ one: { line, code }, title }) => ({
      line,
      text: code,
      why: `stands under “${title}” without a status, where the codes of this page have one`,
    })),
  }
}

const isCode = (one: Statement): one is CodeStatement => one.about === 'code' && one.from !== 'example'

const isCalledErrors = ({ around, header }: Group): boolean =>
  isAboutErrors(around.path.at(-1) ?? '') || isAboutErrors(around.intro) || isAboutErrors(header)

/** "SDK errors" over "Account" and "Media", of which none has statuses. */
function isPartOfErrors({ around: { path } }: Group, withStatus: readonly Group[]): boolean {
  const [, ...above] = path.slice(0, -1)
  const over = above.at(-1)
  if (over === undefined || !isAboutErrors(over)) return false
  return !withStatus.some(({ around }) => around.path.slice(0, path.length - 1).at(-1) === over)
}
