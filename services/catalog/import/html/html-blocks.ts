import { type Block, COMPONENT_HEADING, type Inline, joinInline, joinParagraphs } from '../page.ts'
import { headOf } from '../words/head.ts'
import { addCell, addRow, type OpenTable, openTable, spanOf, tableOf } from './html-table.ts'
import { readTags, type Tag } from './html-tags.ts'
import { beginMark, clear, endMark, endRaised, isMarking, openText, take } from './html-text.ts'
import { addLoose, type LooseLine, settled } from './loose-lines.ts'

// HTML as it is found. Tables, lists, definitions and examples are read as such; everything else becomes lines of text.

const HEADINGS = /^(?:h[1-6]|summary)$/
const ENDS_HEADING = /^(?:h[1-6]|summary|table|p|ul|ol|dl|pre)$/
const PHRASING = new Set(
  'a abbr span em i u small sub sup mark q cite var samp time label font bdi bdo wbr ins del code b strong tt kbd img'.split(
    ' ',
  ),
)
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

export function htmlBlocks(html: string, firstLine = 0): Block[] {
  const blocks: Block[] = []
  const loose: LooseLine[] = []
  const now = openText()
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

  const settle = () => {
    blocks.push(...settled(loose.splice(0)))
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
      const ended = paragraph && inCell && !pre && now.text.trim() !== ''
      now.text += pre ? '\n' : ended ? PARAGRAPH_IN_CELL : ' '
      return
    }
    const inline = take(now)
    if (inline.text === '') return
    const open = inBody && definition ? definition : item
    if (open) {
      if (open.paragraphs.length < MOST_PARAGRAPHS) open.paragraphs.push(inline)
      return
    }
    addLoose(loose, line, inline, paragraph)
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
    const inline = take(now)
    if (inline.text !== '') terms.push(inline)
  }
  const endHeading = () => {
    const found = take(now)
    const inline = { ...found, text: found.text.replace(PERMALINK, '') }
    if (inline.text !== '') push({ kind: 'heading', line: startLine, level: heading, inline })
    heading = 0
  }
  const endCell = () => {
    if (!table || !inCell) return
    inCell = false
    const cell = take(now)
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
      table.examples.push({ kind: 'example', line, text: now.text, caption: said || beforePre })
      // A code of one line is no example.
      now.text = now.text.includes('{') ? beforePre : `${beforePre} ${now.text}`
      return
    }
    const example = now.text
    take(now)
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
    if (name === 'a' && linkEnd === now.text.length && linkEnd > 0) now.text += ' '
    // Nobody closed it.
    if (heading > 0 && ENDS_HEADING.test(name)) endHeading()
    if (isMarking(name)) beginMark(now)
    else if (name === 'sup') now.raised = now.text.length
    else if (name === 'table') {
      if (table) nestedTables++
      else {
        breakOff()
        settle()
        table = openTable(line)
      }
    } else if (table && openInTable(table, tag)) return
    else if (name === 'br') {
      if (inCell) now.text += ' , '
      else breakLine(false)
    } else if (name === 'pre') {
      if (inCell) {
        beforePre = now.text
        clear(now)
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
    linkEnd = name === 'a' ? now.text.length : -1
    if (isMarking(name)) endMark(now)
    else if (name === 'sup') endRaised(now)
    else if (name === 'table') {
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
    } else if (name === 'dt' && nestedLists > 0) now.text += ': '
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
      now.text += words
    },
    gap: () => breakLine(false),
  })
  if (pre) push({ kind: 'example', line: startLine, text: now.text })
  else if (table) endTable()
  else breakOff()
  settle()
  return blocks
}
