import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// The publishers' pages, as text, that the built-in catalogs were written from. They are not part of the project.
const directory = fileURLToPath(new URL('../../../shared/seeds/', import.meta.url))

export const SEEDS_ARE_HERE = existsSync(directory)

/** The lines of the page whose file name begins with this number. */
export function pageLines(number: string): string[] {
  const name = readdirSync(directory).find((file) => file.startsWith(`${number}_`))
  if (!name) throw new Error(`no page ${number} in ${directory}`)
  return readFileSync(`${directory}${name}`, 'utf8').split('\n')
}

export interface PageRow {
  code: string
  status: number
  /** Further cells, in the page's order. */
  cells: string[]
}

/** 000: code and status run together; the two other cells follow on lines of their own. */
export function walletRows(lines: string[]): PageRow[] {
  return lines.flatMap((line, index) => {
    const row = /^([A-Z][A-Z0-9_]*[A-Z])(\d{3})$/.exec(line)
    return row ? [{ code: row[1], status: Number(row[2]), cells: lines.slice(index + 1, index + 3) }] : []
  })
}

/** 001: all four cells run together, so the last two come as one. */
export function sessionRows(lines: string[]): PageRow[] {
  return lines.flatMap((line) => {
    const row = /^([A-Z_]+)(\d{3})([A-Z].+)$/.exec(line)
    return row ? [{ code: row[1], status: Number(row[2]), cells: [row[3]] }] : []
  })
}

/** 002: the description stands on the next line. */
export function platformRows(lines: string[]): PageRow[] {
  return lines.flatMap((line, index) => {
    const row = /^([a-z_]+) \| (\d{3}) \|$/.exec(line)
    return row
      ? [{ code: row[1], status: Number(row[2]), cells: [lines[index + 1].replace(/ \|$/, '')] }]
      : []
  })
}

/** 002: "401 (expired)" → ["Yes, after re-auth", "Re-request a token then retry."]. */
export function platformGuidance(lines: string[]): Map<string, [string, string]> {
  const rows = lines.map((line) => /^\| (\d{3}(?: \([a-z ]+\))?) \| (.+) \| (.+) \|$/.exec(line))
  return new Map(rows.flatMap((row) => (row ? [[row[1], [row[2], row[3]]]] : [])))
}

/** 003: one line a row. */
export function resourceRows(lines: string[]): PageRow[] {
  return lines.flatMap((line) => {
    const row = /^([a-z_]+) \| (\d{3}) \| (.+) \| (.+) \|$/.exec(line)
    return row ? [{ code: row[1], status: Number(row[2]), cells: [row[3], row[4]] }] : []
  })
}

/** The page as it is. */
export const seedBytes = (number: string): Buffer => Buffer.from(pageLines(number).join('\n'))
