import { stringify } from 'yaml'
import type { Imported } from './import-page.ts'

/** The imported page as a catalog file, ready to be checked by a person and kept. */
export function catalogYaml(provider: string, { title, codes, statuses, notes }: Imported): string {
  const catalog = {
    provider,
    ...(title === '' ? {} : { title }),
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
  return `# Imported. \`derived\` is our conclusion, not the publisher's word: check it.\n${doubts}${list.join('')}${stringify(catalog, { lineWidth: 0, flowCollectionPadding: true })}`
}

/** A comment must not end before its line does. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
