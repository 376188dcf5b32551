// Cells that say how far they reach, as rows of a table.

const MOST_SPAN = 200

export interface SpannedCell {
  line: number
  text: string
  columns: number
  rows: number
}

/** Cells in rows; one that reaches down stands in each row it reaches. */
export function rowsOf(all: readonly SpannedCell[], columns: number): [number, string[]][] {
  const rows: [number, string[]][] = []
  const hanging = new Map<number, { left: number; text: string }>()
  let row: string[] = []
  let from = 0
  const fill = () => {
    for (let over = hanging.get(row.length); over && row.length < columns; over = hanging.get(row.length)) {
      if (--over.left <= 0) hanging.delete(row.length)
      row.push(over.text)
    }
  }
  for (const cell of all) {
    fill()
    if (row.length >= columns) {
      rows.push([from, row])
      row = []
      fill()
    }
    if (row.length === 0 || row.length === [...hanging.keys()].length) from = cell.line
    for (let copy = 0; copy < cell.columns && row.length < columns; copy++) {
      if (cell.rows > 1)
        hanging.set(row.length, { left: Math.min(cell.rows, MOST_SPAN) - 1, text: cell.text })
      row.push(copy === 0 ? cell.text : '')
    }
  }
  fill()
  if (row.length > 0) rows.push([from, row])
  return rows
}
