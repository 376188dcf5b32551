import type { Surroundings } from '../outline/surroundings.ts'
import type { Table } from '../page.ts'
import { isAboutErrors, roleOf } from '../words/header-words.ts'
import { statusesIn } from '../words/status-text.ts'
import { type Columns, NONE } from './table-columns.ts'

/** What the values are of, the heading says. */
const OF_ANYTHING =
  /^(?:enum(?:eration)?s?|values?|enum values?|constants?|keys?|fields?|parameters?|categor(?:y|ies))$/i

const OF_CODES = /\berror (?:codes?|types?|reasons?|values?|names?)$/i

/** A column of what one enters. */
const OF_TEST_DATA =
  /^(?:password|passwort|mot de passe|contraseña|senha|hasło|пароль|パスワード|密码|card number|test (?:card|account|user|number)s?)$/iu

export function whyForeign(
  { header, rows }: Table,
  columns: Columns,
  { path, intro, http, foreign, denied }: Surroundings,
): string | null {
  const codeHeader = header[columns.code]?.text ?? ''
  const role = codeHeader === '' ? null : roleOf(codeHeader)
  const isOfErrors =
    path.length > 0 && OF_CODES.test(path[path.length - 1].trim()) && OF_ANYTHING.test(codeHeader)
  if (role === 'foreign' && !isAboutErrors(codeHeader) && !isOfErrors)
    return `stands in a column “${codeHeader}”`
  if (columns.status !== NONE) {
    const statuses = rows.flatMap(({ cells }) => statusesIn(cells[columns.status]?.text ?? '').exact)
    const failing = statuses.filter((status) => status >= 400).length
    if (failing >= statuses.length / 2 || (role === 'code' && failing > 0 && isAboutErrors(codeHeader)))
      return null
    return 'stands in a table of statuses that are no errors'
  }
  if (header.some(({ text }) => OF_TEST_DATA.test(text))) return 'stands in a table of what to test with'
  if (denied) return 'stands below words that say it is no error'
  const headers = header.map(({ text }) => text).join(' | ')
  if (
    header.some(
      ({ text }, at) =>
        at !== columns.code && /^(?:type|data type|required|default|format|schema)$/i.test(text),
    ) &&
    columns.retry === NONE
  ) {
    return `stands in a table of fields (${headers})`
  }
  if (isAboutErrors(codeHeader)) return null
  const near = path.at(-1) ?? ''
  if (foreign && !isAboutErrors(near)) return `stands under “${near}”`
  if (columns.retry !== NONE || ((role === 'code' || role === 'type') && http.length > 0)) return null
  if (isAboutErrors(near) || isAboutErrors(intro)) return null
  if (
    (role === 'code' || role === 'status') &&
    path.some(isAboutErrors) &&
    !/currenc|countr|status(?:es)?$|event|type/i.test(near)
  )
    return null
  return near === ''
    ? 'stands in a table that does not speak of errors'
    : `stands under “${near}”, which does not speak of errors`
}
