import { reasonOf } from '../../contract/thrown.ts'
import { readYaml } from '../yaml-source.ts'
import { readJson } from './documents/json-document.ts'
import { isOpenapi, readOpenapi } from './documents/openapi.ts'
import { isSmithy, readSmithy } from './documents/smithy.ts'
import { isXml, readXml } from './documents/xml-document.ts'
import { readYamlList } from './documents/yaml-document.ts'
import { doubtfulLines, MOST_NOTES, misgivings } from './doubtful-lines.ts'
import { type Format, formatOf } from './format.ts'
import { htmlBlocks } from './html/html-blocks.ts'
import { lineBlocks } from './lines/line-blocks.ts'
import { type ImportedCode, type ImportedStatus, merge } from './merge.ts'
import type { Block } from './page.ts'
import { linesOf, MOST_LINES, MOST_PAGE_BYTES, pageText } from './page-text.ts'
import { isProgram } from './program/is-program.ts'
import { readBlocks } from './reading/read-blocks.ts'
import type { Note, Read } from './statement.ts'

// bytes ─ page-text, format ─► text ─┬─ documents/ (OpenAPI, Smithy, JSON, XML) ──────────────────► statements
//                                    ├─ program/ (a whole source file, an example of one) ────────► statements
//                                    └─ lines/ (with tables/), html/ ─► blocks ─ outline/, reading/ ► statements
// and these ─ merge, judge-retry ─► codes. words/ says what a piece of text may be; bodies/ reads examples of errors.

export interface Imported {
  title: string
  format: Format
  codes: ImportedCode[]
  statuses: ImportedStatus[]
  notes: Note[]
}

/** A publisher's page as a catalog, or why it cannot be read. Needs nothing but the bytes. */
export function importPage(bytes: Uint8Array, format?: Format): Imported | { problem: string } {
  const decoded = pageText(bytes)
  if ('problem' in decoded) return decoded
  const { text } = decoded
  if (text.trim() === '')
    return {
      title: '',
      format: format ?? 'text',
      codes: [],
      statuses: [],
      notes: [note('the page is empty')],
    }

  const is = format ?? formatOf(text)
  if (is === 'openapi' || is === 'smithy') return importDescription(text, is)
  if (text.length > MOST_PAGE_BYTES) {
    return {
      problem: `${text.length} characters are more than the ${MOST_PAGE_BYTES} a page may have; pass only the part about errors`,
    }
  }
  const { lines, cut } = linesOf(text)
  if (lines.length > MOST_LINES)
    return {
      problem: `${lines.length} lines are more than the ${MOST_LINES} a page may have; pass only the part about errors`,
    }
  const json = is === 'text' && /^\s*[{[]/.test(text) ? readJson(text, lines) : null
  if (json) return finish(json, is, '', lines)
  const xml = is === 'html' && isXml(text) ? readXml(text) : null
  if (xml) return finish(xml, is, '', lines)
  const yaml = is === 'html' ? null : readYamlList(text, lines)
  if (yaml) return finish(yaml, is, '', lines)
  const program: Block[] = [{ kind: 'example', line: 0, text }]
  const page = () => (is === 'html' ? htmlBlocks(text) : lineBlocks(lines, htmlBlocks))
  const blocks = is !== 'html' && isProgram(lines) ? program : page()
  const read = readBlocks(blocks)
  for (const line of cut)
    read.notes.push({ line, text: '', why: 'the line is too long; its end was not read' })
  return finish(read, is, titleOf(blocks), lines)
}

const note = (why: string, line = 0): Note => ({ line, text: '', why })

/** A document of a few thousand operations, as deep as schemas nest. Beyond it YAML takes seconds; JSON does not. */
const YAML_LIMITS = { deepest: 200, mostTokens: 250_000 }

function importDescription(text: string, format: 'openapi' | 'smithy'): Imported | { problem: string } {
  const parsed = parseDocument(text)
  if ('problem' in parsed) return parsed
  const { value } = parsed
  const title =
    typeof value === 'object' && value !== null && 'info' in value
      ? (value.info as { title?: unknown })?.title
      : ''
  const name = typeof title === 'string' ? title : ''
  if (format === 'openapi' && isOpenapi(value)) return finish(readOpenapi(value), format, name, [])
  if (format === 'smithy' && isSmithy(value)) return finish(readSmithy(value), format, name, [])
  return {
    problem: `this is no ${format === 'openapi' ? 'OpenAPI description (no `openapi:` or `swagger:`)' : 'Smithy model (no `smithy` and `shapes`)'}`,
  }
}

function parseDocument(text: string): { value: unknown } | { problem: string } {
  if (/^\s*[{[]/.test(text)) {
    try {
      return { value: JSON.parse(text) }
    } catch (error) {
      return { problem: `cannot be read as JSON: ${reasonOf(error)}` }
    }
  }
  const source = readYaml(text, 'the page', YAML_LIMITS)
  if (!Array.isArray(source)) return { value: source.value }
  const [{ line, message }] = source
  return { problem: `cannot be read as YAML: ${line === undefined ? '' : `line ${line}: `}${message}` }
}

function titleOf(blocks: readonly Block[]): string {
  const heading = blocks.find((block) => block.kind === 'heading')
  return heading?.kind === 'heading' ? heading.inline.text.slice(0, 100) : ''
}

function finish(read: Read, format: Format, title: string, lines: readonly string[]): Imported {
  const { codes, statuses, notes } = merge(read)
  const taken = new Set(codes.map(({ code }) => code))
  const left = notes.filter(({ text }) => !taken.has(text))
  left.push(...doubtfulLines(lines, taken, left))
  left.unshift(...misgivings(left, codes.length))
  if (codes.length === 0) left.unshift(note('no error code was found on this page'))
  return { title, format, codes, statuses, notes: left.sort((a, b) => a.line - b.line).slice(0, MOST_NOTES) }
}
