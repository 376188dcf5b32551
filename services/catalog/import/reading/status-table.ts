import type { Table } from '../page.ts'
import type { StatedRetry, Statement } from '../statement.ts'
import { headOf } from '../words/head.ts'
import { retryOfCell, retryOfText } from '../words/retry-words.ts'
import { statusesOfCell } from '../words/status-text.ts'
import { type Columns, NONE, textOf } from './table-columns.ts'

// Tables of statuses: what they mean, when to retry, which codes come with each.

/** What a break in a cell was made to. */
const BREAK = /\s,\s/

/** A row for each status, and in it a list: "`A`: no such thing", "`B`: not yours". */
export function listedCodes({ rows }: Table, columns: Columns): Statement[] {
  return rows.flatMap(({ line, cells }): Statement[] => {
    const http = statusesOfCell(cells[columns.status]?.text ?? '').exact.filter((status) => status >= 400)
    if (http.length === 0) return []
    return cells.flatMap((cell, at) => {
      if (at === columns.status) return []
      const heads = cell.text.split(BREAK).map((text) => headOf({ text, marked: cell.marked }))
      if (!heads.every(({ codes, closed }) => codes.length > 0 && closed)) return []
      return heads.flatMap(({ codes, rest }) => {
        const words = retryOfText(rest)
        const retry: StatedRetry | null = words
          ? { said: words.said, basis: words.explicit ? 'text' : 'implied' }
          : null
        return codes.map(
          (code): Statement => ({
            about: 'code',
            line,
            code,
            http: [...http],
            meaning: rest,
            action: '',
            retry,
            from: 'definition',
            context: '',
          }),
        )
      })
    })
  })
}

/** A table of statuses: what they mean, or when to retry ("401 (expired)"). */
export function statusRows(table: Table, columns: Columns): Statement[] {
  const statements: Statement[] = []
  for (const row of table.rows) {
    const cell = textOf(row, columns.status)
    const { exact, hundreds } = statusesOfCell(cell)
    const statuses = [...exact, ...hundreds].filter((status) => status < 10 || status >= 400)
    if (statuses.length === 0) continue
    const meaning = textOf(row, columns.meaning)
    const action = textOf(row, columns.action)
    const said =
      columns.retry === NONE ? null : retryOfCell(textOf(row, columns.retry), `${meaning} ${action}`)
    const words = said === null ? retryOfText(`${action}. ${meaning}`) : null
    const named = columns.retry === NONE
    statements.push({
      about: 'status',
      line: row.line,
      statuses,
      qualifier: /\(([^()]{1,80})\)/.exec(cell.replace(/\([1-5]\d\d\)/, ''))?.[1] ?? '',
      // Beside a word on retrying, the notes are advice.
      meaning: named ? meaning : '',
      action: named ? action : action || meaning,
      retry:
        said !== null
          ? { said, basis: 'status' }
          : words?.explicit
            ? { said: words.said, basis: 'status' }
            : null,
    })
  }
  return statements
}
