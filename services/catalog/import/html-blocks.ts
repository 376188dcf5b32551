import { headOf } from './head.ts'
import { addCell, addRow, type OpenTable, openTable, spanOf, tableOf } from './html-table.ts'
import { readTags, type Tag } from './html-tags.ts'
import { noteId, raisedDigits } from './inline-text.ts'
import { lineBlocks } from './line-blocks.ts'
import { type Block, COMPONENT_HEADING, type Inline, joinInline, joinParagraphs } from './page.ts'

// HTML as it is found. Tables, lists, definitions and examples are read as such; everything else becomes lines of text.

const MARKING = new Set(['code', 'b', 'strong', 'tt', 'kbd'])
const HEADINGS = /^(?:h[1-6]|summary)$/
const ENDS_HEADING = /^(?:h[1-6]|summary|table|p|ul|ol|dl|pre)$/
const PHRASING = new Set(
  'a abbr span em i u small sub sup mark q cite var samp time label font bdi bdo wbr ins del code b strong tt kbd img'.split(
    ' ',
  ),
)
/** As in page-text.ts: longer lines are data. */
const LONGEST_LINE = 20_000
/** A list item or a definition has hardly more; a page that never closes one has. */
const MOST_PARAGRAPHS = 60
interface Item {
  line: number
  depth: number
  paragraphs: Inline[]
}
interface Definition {
  line: number
  term: Inline
  /** Lists in its description describe it; under a status they may hold codes. */
  ofCode: boolean
  paragraphs: Inline[]
}

/** As a break is: what stands on lines of its own in a cell may be several codes. */
const PARAGRAPH_IN_CELL = ' , '
const BREAK_AFTER_SENTENCE = /([.!?:;。])(?:\s,)+\s/g

/** What generators put behind a heading to link to it. */
const PERMALINK = /\s*(?:[#¶§🔗]|Copy link|Permalink|Direct link to heading)\s*$/u

const RAISED_NOTE = /(?<=[\p{L}\d).])\s?([⁰¹²³⁴-⁹]{1,2}|[†‡])/gu

function withoutNotes(text: string, marked: string[]): Inline {
  if (!/[⁰¹²³⁴-⁹†‡]/.test(text)) return { text, marked }
  const notes = [...text.matchAll(RAISED_NOTE)].map(({ 1: mark, index }) => ({
    id: noteId(mark),
    after: text.slice(0, index).match(/\S+$/)?.[0] ?? '',
  }))
  return { text: text.replace(RAISED_NOTE, ''), marked, notes }
}

export function htmlBlocks(html: string, firstLine = 0): Block[] {
  const blocks: Block[] = []
  const loose: { line: number; text: string }[] = []
  let text = ''
  let marks: string[] = []
  let marking = 0
  let markFrom = 0
  let raised = -1
  let linkEnd = -1
  let line = firstLine + 1
  let startLine = line
  let pre = false
  let heading = 0
  let table: OpenTable | null = null
  let nestedTables = 0
  let inCell = false
  let beforePre = ''
  let listDepth = 0
  let item: Item | null = null
  let inTerm = false
  let terms: Inline[] = []
  let definition: Definition | null = null
  let inBody = false
  /** Definition lists within a description, as of a code's status. */
  let nestedLists = 0

  const take = (): Inline => {
    if (marking > 0) endMark()
    marking = 0
    const inline = withoutNotes(text.replace(/\s+/g, ' ').trim(), marks)
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
  const endItem = () => {
    const ended = item
    item = null
    if (ended && ended.paragraphs.length > 0) {
      const { line: from, depth, paragraphs } = ended
      push({ kind: 'item', line: from, depth, inline: joinParagraphs(paragraphs) })
    }
  }
  const endDefinition = () => {
    breakLine(false)
    const ended = definition
    definition = null
    inBody = false
    nestedLists = 0
    if (ended && ended.paragraphs.length > 0) {
      const { line: from, term, paragraphs } = ended
      push({ kind: 'definition', line: from, term, body: joinParagraphs(paragraphs) })
    }
  }
  const breakLine = (paragraph: boolean) => {
    if (inCell || heading > 0 || inTerm || pre) {
      const ended = paragraph && inCell && !pre && text.trim() !== ''
      text += pre ? '\n' : ended ? PARAGRAPH_IN_CELL : ' '
      return
    }
    const inline = take()
    if (inline.text === '') return
    const open = inBody && definition ? definition : item
    if (open) {
      if (open.paragraphs.length < MOST_PARAGRAPHS) open.paragraphs.push(inline)
      return
    }
    let source = inline.text
    for (const mark of new Set(inline.marked))
      if (!mark.includes('`')) source = source.replace(mark, () => `\`${mark}\``)
    loose.push({ line, text: source.slice(0, LONGEST_LINE) })
    if (paragraph) loose.push({ line, text: '' })
  }
  /** What stands by itself begins: nothing before goes on in it. */
  const breakOff = () => {
    if (definition) endDefinition()
    breakLine(true)
    endItem()
    startLine = line
  }
  const endTerm = () => {
    if (!inTerm) return
    inTerm = false
    const inline = take()
    if (inline.text !== '') terms.push(inline)
  }
  const endHeading = () => {
    const found = take()
    const inline = { ...found, text: found.text.replace(PERMALINK, '') }
    if (inline.text !== '') push({ kind: 'heading', line: startLine, level: heading, inline })
    heading = 0
  }
  const endCell = () => {
    if (!table || !inCell) return
    inCell = false
    const cell = take()
    addCell(table, { ...cell, text: cell.text.replace(BREAK_AFTER_SENTENCE, '$1 ').replace(/(?:\s,)+$/, '') })
  }
  const endRow = () => {
    endCell()
    if (table) addRow(table)
  }
  const endTable = () => {
    endRow()
    const ended = table && tableOf(table)
    if (ended) push(ended)
    for (const example of table?.examples ?? []) push(example)
    table = null
  }
  const endPre = () => {
    pre = false
    if (inCell && table) {
      const said = table.cells?.map((cell) => cell.text).join(' ') ?? ''
      table.examples.push({ kind: 'example', line, text, caption: said || beforePre })
      // A code of one line is no example.
      text = text.includes('{') ? beforePre : `${beforePre} ${text}`
      return
    }
    const example = text
    take()
    push({ kind: 'example', line: startLine, text: example })
  }

  const openInTable = (open: OpenTable, { name, attributes }: Tag): boolean => {
    if (nestedTables > 0) return false
    if (name === 'thead' || name === 'tbody') open.inHead = name === 'thead'
    else if (name === 'tr') {
      endRow()
      open.cells = []
      open.cellLine = line
    } else if (name === 'td' || name === 'th') {
      endCell()
      if (!open.cells) open.cellLine = line
      open.cellSpan = { rows: spanOf(attributes.rowspan), columns: spanOf(attributes.colspan) }
      if (name === 'th' || open.inHead) open.headCells++
      inCell = true
    } else return false
    return true
  }

  const open = (tag: Tag) => {
    const { name } = tag
    line = tag.line
    // Links of a menu side by side are words apart.
    if (name === 'a' && linkEnd === text.length && linkEnd > 0) text += ' '
    // Nobody closed it.
    if (heading > 0 && ENDS_HEADING.test(name)) endHeading()
    if (MARKING.has(name)) {
      if (marking++ === 0) markFrom = text.length
    } else if (name === 'sup') raised = text.length
    else if (name === 'table') {
      if (table) nestedTables++
      else {
        breakOff()
        settle()
        table = openTable(line)
      }
    } else if (table && openInTable(table, tag)) return
    else if (name === 'br') {
      if (inCell) text += ' , '
      else breakLine(false)
    } else if (name === 'pre') {
      if (inCell) {
        beforePre = text
        text = ''
        marks = []
        marking = 0
      } else breakOff()
      pre = true
    } else if (HEADINGS.test(name) && !inCell) {
      breakOff()
      heading = name === 'summary' ? COMPONENT_HEADING : Number(name[1])
    } else if (name === 'ul' || name === 'ol') {
      breakLine(false)
      if (definition && !definition.ofCode) endDefinition()
      endItem()
      listDepth = Math.min(listDepth + 2, 40)
    } else if (name === 'li' && !inCell) {
      breakLine(false)
      if (inBody) return
      endItem()
      item = { line, depth: listDepth, paragraphs: [] }
    } else if (name === 'dl' && !inCell) {
      breakLine(false)
      const [head] = item?.paragraphs ?? []
      if ((inBody && definition?.ofCode) || (head && headOf(head).codes.length > 0)) nestedLists++
      else breakOff()
    } else if (name === 'dt' && !inCell && nestedLists === 0) {
      endTerm()
      breakOff()
      inTerm = true
    } else if (name === 'dt') breakLine(false)
    else if (name === 'dd' && !inCell && nestedLists === 0) {
      endTerm()
      breakLine(false)
      if (terms.length > 0) {
        if (definition) endDefinition()
        // Several terms may share one description.
        const comma = { text: ',', marked: [] }
        const term = joinInline(terms.flatMap((each, at) => (at === 0 ? [each] : [comma, each])))
        definition = { line: startLine, term, ofCode: headOf(term).codes.length > 0, paragraphs: [] }
        terms = []
      }
      inBody = definition !== null
    } else if (!PHRASING.has(name) && name !== 'dd') breakLine(name === 'p' || name === 'div')
  }

  const close = ({ name, line: at }: Tag) => {
    line = at
    linkEnd = name === 'a' ? text.length : -1
    if (MARKING.has(name)) {
      if (marking > 0 && --marking === 0) endMark()
    } else if (name === 'sup') {
      // A footnote's mark must not become a part of the word before it.
      const note = raised >= 0 ? text.slice(raised).trim() : ''
      if (/^\[?\d{1,2}\]?$/.test(note)) text = text.slice(0, raised) + raisedDigits(note.replace(/\D/g, ''))
      raised = -1
    } else if (name === 'table') {
      if (nestedTables > 0) nestedTables--
      else endTable()
    } else if (nestedTables === 0 && name === 'tr') endRow()
    else if (nestedTables === 0 && (name === 'td' || name === 'th')) endCell()
    else if (name === 'pre' && pre) endPre()
    else if (HEADINGS.test(name) && heading > 0) endHeading()
    else if (name === 'ul' || name === 'ol') {
      breakLine(false)
      if (!inBody) endItem()
      listDepth = Math.max(0, listDepth - 2)
    } else if (name === 'li' && !inCell) {
      breakLine(false)
      if (!inBody) endItem()
    } else if (name === 'dt' && nestedLists > 0) text += ': '
    else if (name === 'dt') endTerm()
    else if (name === 'dd') breakLine(false)
    else if (name === 'dl') {
      breakLine(false)
      if (nestedLists > 0) nestedLists--
      else {
        endDefinition()
        terms = []
      }
    } else if (!PHRASING.has(name)) breakLine(name === 'p' || name === 'div')
  }

  line = readTags(html, firstLine, {
    open,
    close,
    text: (words) => {
      text += words
    },
    gap: () => breakLine(false),
  })
  if (pre) push({ kind: 'example', line: startLine, text })
  else if (table) endTable()
  else breakOff()
  settle()
  return blocks
}
