import { stringify } from 'yaml'
import type { Imported } from './import-page.ts'

/** Whose spans the catalog is for: no page says so. */
export interface Match {
  hosts: readonly string[]
  services: readonly string[]
}

const UNMATCHED =
  '# No page says which hosts its API has: add `match: { hosts: [api.example.com] }`, or import with --host.\n'

/** The imported page as a catalog file, ready to be checked by a person and kept. */
export function catalogYaml(
  provider: string,
  { title, codes, statuses, notes }: Imported,
  match: Match = { hosts: [], services: [] },
): string {
  const isMatched = match.hosts.length > 0 || match.services.length > 0
  const catalog = {
    provider,
    ...(title === '' ? {} : { title }),
    ...(isMatched
      ? { match: Object.fromEntries(Object.entries(match).filter(([, names]) => names.length > 0)) }
      : {}),
    statuses: Object.fromEntries(
      statuses.map(({ status, retry, retry_is, meaning, action }) => [
        status,
        { retry, retry_is, ...(meaning === '' ? {} : { meaning }), ...(action === '' ? {} : { action }) },
      ]),
    ),
    codes: codes.map(({ code, http, retry, retry_is, class: errorClass, meaning, action }) => ({
      code,
      http,
      ...(retry_is === 'unknown' ? {} : { retry, retry_is }),
      class: errorClass,
      ...(meaning === '' ? {} : { meaning }),
      ...(action === '' ? {} : { action }),
    })),
  }
  const doubts =
    notes.length === 0 ? '' : `# ${notes.length} ${notes.length === 1 ? 'line' : 'lines'} to check:\n`
  const list = notes.map(
    ({ line, text, why }) =>
      `#   ${line > 0 ? `line ${line}: ` : ''}${oneLine(text)}${text === '' ? '' : ': '}${oneLine(why)}\n`,
  )
  return `# Imported. \`derived\` is our conclusion, not the publisher's word: check it.\n${isMatched ? '' : UNMATCHED}${doubts}${list.join('')}${stringify(catalog, { lineWidth: 0, flowCollectionPadding: true })}`
}

/** A comment must not end before its line does. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
