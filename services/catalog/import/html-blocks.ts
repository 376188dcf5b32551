import { Tokenizer } from 'htmlparser2'
import { lineBlocks } from './line-blocks.ts'
import { type Block, type Inline, joinInline, type Row } from './page.ts'

// HTML as it is found: only the tokenizer is the library's, because its tree builder is slow on tags nested by the
// thousand. Tables, lists, definitions and examples are read as such; everything else becomes lines of text.

const SKIPPED = new Set(['script', 'style', 'template', 'svg', 'nav', 'footer', 'select', 'iframe', 'object'])
const MARKING = new Set(['code', 'b', 'strong', 'tt', 'kbd'])
const HEADINGS = /^h[1-6]$/
const ENDS_HEADING = /^(?:h[1-6]|table|p|ul|ol|dl|pre)$/
const PHRASING = new Set(
  'a abbr span em i u small sub sup mark q cite var samp time label font bdi bdo wbr ins del code b strong tt kbd img'.split(
    ' ',
  ),
)
/** A page spans hardly more; a bomb of spans would multiply. */
const MOST_SPAN = 200
const MOST_COLUMNS = 24
/** As in page-text.ts: longer lines are data. */
const LONGEST_LINE = 20_000
const MOST_ROWS = 20_000

interface OpenTable {
  line: number
  header: Inline[]
  rows: Row[]
  cells: Inline[] | null
  cellLine: number
  cellSpan: [rows: number, columns: number]
  headCells: number
  /** Cells that reach down from rows above, by column. */
  hanging: Map<number, { left: number; inline: Inline }>
}

export function htmlBlocks(html: string, firstLine = 0): Block[] {
  const blocks: Block[] = []
  const loose: { line: number; text: string }[] = []
  let text = ''
  let marks: string[] = []
  let marking = 0
  let markFrom = 0
  let skipping = 0
  let skipTag = ''
  let pre = false
  let line = firstLine + 1
  let counted = 0
  let table: OpenTable | null = null
  let nested = 0
  let inCell = false
  let heading = 0
  let listDepth = 0
  let inItem = false
  let term: { line: number; inline: Inline } | null = null
  let inTerm = false
  let inBody = false
  let startLine = 0

  const lineAt = (index: number) => {
    for (; counted < index; counted++) if (html.charCodeAt(counted) === 10) line++
    return line
  }
  const take = (): Inline => {
    if (marking > 0) endMark()
    marking = 0
    const inline = { text: text.replace(/\s+/g, ' ').trim(), marked: marks }
    text = ''
    marks = []
    return inline
  }
  const endMark = () => {
    const marked = text.slice(markFrom).replace(/\s+/g, ' ').trim()
    if (marked !== '' && marked.length <= 300) marks.push(marked)
  }
  /** Loose lines that ended: together they may be a table of one cell a line. */
  const settle = () => {
    if (loose.length === 0) return
    const lines = loose.splice(0)
    const at = (number: number) => lines[Math.min(number, lines.length) - 1].line
    for (const block of lineBlocks(lines.map((each) => each.text))) {
      block.line = at(block.line)
      if (block.kind === 'table') for (const row of block.rows) row.line = at(row.line)
      blocks.push(block)
    }
  }
  const push = (block: Block) => {
    settle()
    blocks.push(block)
  }
  const breakLine = (paragraph: boolean) => {
    if (inCell || heading > 0 || inTerm || pre) {
      text += pre ? '\n' : ' '
      return
    }
    const { text: words, marked } = take()
    if (words === '') return
    if (inItem) push({ kind: 'item', line: startLine, depth: listDepth, inline: { text: words, marked } })
    else if (inBody) endBody({ text: words, marked })
    else {
      let source = words
      for (const mark of new Set(marked))
        if (!mark.includes('`')) source = source.replace(mark, () => `\`${mark}\``)
      loose.push({ line, text: source.slice(0, LONGEST_LINE) })
      if (paragraph) loose.push({ line, text: '' })
    }
    inItem = false
  }
  const endBody = (body: Inline) => {
    if (term) push({ kind: 'definition', line: term.line, term: term.inline, body })
    else push({ kind: 'paragraph', line: startLine, inline: body })
    term = null
    inBody = false
  }
  const endTerm = () => {
    if (!inTerm) return
    const inline = take()
    // Several terms may share one description.
    term = {
      line: startLine,
      inline: term ? joinInline([term.inline, { text: ',', marked: [] }, inline]) : inline,
    }
    inTerm = false
  }
  const endCell = () => {
    if (!table || !inCell) return
    const inline = take()
    inCell = false
    table.cells ??= []
    const [rows, columns] = table.cellSpan
    for (let copy = 0; copy < columns && table.cells.length < MOST_COLUMNS; copy++) {
      fillHanging(table)
      if (rows > 1) table.hanging.set(table.cells.length, { left: rows, inline })
      table.cells.push(copy === 0 ? inline : { text: '', marked: [] })
    }
  }
  const endRow = () => {
    endCell()
    if (!table?.cells) return
    fillHanging(table)
    const cells = table.cells
    for (const [column, hanging] of table.hanging) if (--hanging.left <= 0) table.hanging.delete(column)
    if (table.header.length === 0 && table.rows.length === 0 && table.headCells >= cells.length - 1) {
      table.header = cells
    } else if (table.rows.length < MOST_ROWS) table.rows.push({ line: table.cellLine, cells })
    table.cells = null
    table.headCells = 0
  }
  const endTable = () => {
    endRow()
    if (table && table.rows.length > 0) {
      const { header, rows, line: from } = table
      push({ kind: 'table', line: from, header, rows })
    }
    table = null
  }

  let tag = ''
  let attribute = ''
  let value = ''
  let span: [number, number] = [1, 1]

  const endHeading = () => {
    const inline = take()
    if (inline.text !== '') push({ kind: 'heading', line: startLine, level: heading, inline })
    heading = 0
  }

  const open = (at: number) => {
    lineAt(at)
    // Nobody closed it.
    if (heading > 0 && ENDS_HEADING.test(tag)) endHeading()
    if (MARKING.has(tag)) {
      if (marking++ === 0) markFrom = text.length
    } else if (tag === 'table') {
      if (table) nested++
      else {
        breakLine(true)
        settle()
        const cellSpan: [number, number] = [1, 1]
        table = {
          line,
          header: [],
          rows: [],
          cells: null,
          cellLine: line,
          cellSpan,
          headCells: 0,
          hanging: new Map(),
        }
      }
    } else if (table && nested === 0 && tag === 'tr') {
      endRow()
      table.cells = []
      table.cellLine = line
    } else if (table && nested === 0 && (tag === 'td' || tag === 'th')) {
      endCell()
      if (!table.cells) table.cellLine = line
      table.cellSpan = span
      if (tag === 'th') table.headCells++
      inCell = true
    } else if (tag === 'br') {
      if (inCell) text += ' , '
      else breakLine(false)
    } else if (tag === 'pre' && !inCell) {
      breakLine(true)
      pre = true
      startLine = line
    } else if (HEADINGS.test(tag) && !inCell) {
      breakLine(true)
      heading = Number(tag[1])
      startLine = line
    } else if (tag === 'ul' || tag === 'ol') {
      breakLine(false)
      listDepth = Math.min(listDepth + 2, 40)
    } else if (tag === 'li' && !inCell) {
      breakLine(false)
      inItem = true
      startLine = line
    } else if (tag === 'dt' && !inCell) {
      if (inBody) endBody(take())
      endTerm()
      take()
      inTerm = true
      startLine = line
    } else if (tag === 'dd' && !inCell) {
      if (inBody) endBody(take())
      endTerm()
      inBody = true
    } else if (!PHRASING.has(tag)) breakLine(tag === 'p')
  }

  const close = () => {
    if (MARKING.has(tag)) {
      if (marking > 0 && --marking === 0) endMark()
    } else if (tag === 'table') {
      if (nested > 0) nested--
      else endTable()
    } else if (nested === 0 && tag === 'tr') endRow()
    else if (nested === 0 && (tag === 'td' || tag === 'th')) endCell()
    else if (tag === 'pre' && pre) {
      pre = false
      const example = text
      take()
      push({ kind: 'example', line: startLine, text: example })
    } else if (HEADINGS.test(tag) && heading > 0) endHeading()
    else if (tag === 'ul' || tag === 'ol') {
      breakLine(false)
      listDepth = Math.max(0, listDepth - 2)
    } else if (tag === 'dt') endTerm()
    else if (tag === 'dd') {
      if (inBody) endBody(take())
    } else if (tag === 'dl') {
      if (inBody) endBody(take())
      term = null
    } else if (!PHRASING.has(tag)) breakLine(tag === 'p')
  }

  const addText = (words: string) => {
    if (skipping === 0) text += words
  }

  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      ontext: (start, end) => addText(html.slice(start, end)),
      ontextentity: (codepoint) => addText(String.fromCodePoint(codepoint)),
      oncdata: (start, end) => addText(html.slice(start, end)),
      onopentagname(start, end) {
        tag = html.slice(start, end).toLowerCase()
        span = [1, 1]
      },
      onattribname(start, end) {
        attribute = html.slice(start, end).toLowerCase()
        value = ''
      },
      onattribdata(start, end) {
        if (attribute.endsWith('span')) value += html.slice(start, end)
      },
      onattribentity() {},
      onattribend() {
        const number = Math.min(Math.max(Number.parseInt(value, 10) || 1, 1), MOST_SPAN)
        if (attribute === 'rowspan') span[0] = number
        if (attribute === 'colspan') span[1] = Math.min(number, MOST_COLUMNS)
      },
      onopentagend(at) {
        if (skipping > 0) {
          if (tag === skipTag) skipping++
        } else if (SKIPPED.has(tag)) {
          breakLine(false)
          skipping = 1
          skipTag = tag
        } else open(at)
      },
      onselfclosingtag(at) {
        if (skipping === 0 && !SKIPPED.has(tag)) open(at)
      },
      onclosetag(start, end) {
        tag = html.slice(start, end).toLowerCase()
        lineAt(start)
        if (skipping > 0) {
          if (tag === skipTag) skipping--
        } else close()
      },
      oncomment() {},
      ondeclaration() {},
      onprocessinginstruction() {},
      onend() {},
    },
  )
  tokenizer.write(html)
  tokenizer.end()
  if (pre) push({ kind: 'example', line: startLine, text })
  else if (table) endTable()
  else if (inBody) endBody(take())
  else breakLine(true)
  settle()
  return blocks
}

function fillHanging(table: OpenTable): void {
  for (
    let hanging = table.hanging.get(table.cells!.length);
    hanging;
    hanging = table.hanging.get(table.cells!.length)
  ) {
    table.cells!.push(hanging.inline)
  }
}
