import { labelledStatuses, statusesIn } from './status-text.ts'

/** "at once (409)", not "the most items (500)". */
const BRACKETED = /(?<!\b(?:max\w*|limit\w*|most|number|up to)\b[^.()]{0,60})\((?:HTTP )?([45]\d\d)\)/i

/** Statuses of a description: labelled, else the only one it names. */
export function statusesOfBody(text: string): number[] {
  const labelled = labelledStatuses(text).exact
  if (labelled.length > 0) return labelled
  const [, bracketed, ...others] = BRACKETED.exec(text) ?? []
  if (bracketed !== undefined && others.length === 0) return [Number(bracketed)]
  const failing = statusesIn(text).exact.filter((status) => status >= 400)
  return failing.length === 1 && /http|status|return|respon|answer|code/i.test(text) ? failing : []
}
