import type { Note } from './statement.ts'
import { bareToken, isStrong, notACode } from './words/code-shape.ts'

/** Nobody checks more by hand. */
export const MOST_NOTES = 500
const CONTEXT = 120

/** What looked like a code on a page and was not taken, line by line, so that a person can check it in a minute. */
export function doubtfulLines(
  lines: readonly string[],
  taken: ReadonlySet<string>,
  noted: readonly Note[],
): Note[] {
  const notes: Note[] = []
  const seen = new Set(noted.map(({ text }) => text))
  for (let at = 0; at < lines.length && notes.length + noted.length < MOST_NOTES; at++) {
    const line = lines[at].length > 2000 ? lines[at].slice(0, 2000) : lines[at]
    for (const [word] of line.matchAll(/[\p{L}\d][\p{L}\d_.:/-]{2,127}/gu)) {
      const token = bareToken(word).replace(/[./:-]+$/, '')
      if (seen.has(token) || taken.has(token) || !isStrong(token)) continue
      const marked = line.includes(`\`${token}\``)
      if (!token.includes('_') && !marked && !/\d/.test(token)) continue
      // Codes and statuses that run together were taken apart.
      if (taken.size < 2000 && taken.has(token.replace(/[1-5]\d\d.*$/, ''))) continue
      seen.add(token)
      notes.push({ line: at + 1, text: token, why: notACode(token) ?? whereabouts(line, token) })
    }
  }
  return notes
}

/** Fewer are the usual settings and fields. */
const MANY = 5

/** A page that was read badly, by what was left: more names than codes. */
export function misgivings(notes: readonly Note[], codes: number): Note[] {
  const unsure = notes.filter(({ why }) => why.startsWith(NOTHING_SAYS)).length
  if (unsure < MANY || unsure <= codes) return []
  const why = `${unsure} names look like codes and were not taken, ${codes} were: this page may have been misread`
  return [{ line: 0, text: '', why }]
}

const NOTHING_SAYS = 'nothing says that it is an error code'

function whereabouts(line: string, token: string): string {
  if (line.includes(`"${token}":`)) return 'a field in an example'
  if (/https?:\/\//.test(line)) return 'part of an address'
  const words = line.replace(/\s+/g, ' ').trim()
  return `${NOTHING_SAYS}: “${words.length > CONTEXT ? `${words.slice(0, CONTEXT)}…` : words}”`
}
