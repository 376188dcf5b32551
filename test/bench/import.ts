import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { importPage } from '../../services/catalog/import/import-page.ts'
import { LEARNED, PAGES, type Page, pagesIn, pagesOf, UNLEARNED } from '../catalog/import/expected.ts'
import { scorePage, sum } from '../catalog/import/score.ts'
import { HOSTILE_PAGES } from './hostile-pages.ts'

// How well and how fast pages are imported: docs/catalogs.md records it.

const report = (name: string, pages: Page[]) => {
  if (pages.length === 0) return
  const { f1, right, invented, missed, stated, statedRight, wrong } = sum(pages.map(scorePage))
  console.log(
    `${name}: ${pages.length} pages, code and status F1 ${f1.toFixed(3)} (${right} right, ${invented} invented, ${missed} missed), stated retry ${statedRight}/${stated}`,
  )
  for (const each of pages.length > 1 && (folder !== undefined || name.startsWith(UNLEARNED)) ? [] : wrong)
    console.log(`  ${each}`)
}

// A folder of pages of one's own, each beside NAME.expected or NAME.expected.json; names may begin with odd.
const [folder] = process.argv.slice(2)
const isOdd = ({ name }: Page) => name.startsWith('odd')
const reportApart = (pages: Page[], of = '') => {
  report(
    `${of}ordinary`,
    pages.filter((page) => !isOdd(page)),
  )
  report(`${of}odd`, pages.filter(isOdd))
}
if (folder !== undefined) {
  const pages = pagesOf(folder)
  for (const page of pages) report(page.name, [page])
  reportApart(pages)
  process.exit()
}

for (const part of LEARNED) report(part, pagesIn(part))
if (existsSync(join(PAGES, UNLEARNED))) reportApart(pagesIn(UNLEARNED), 'unlearned, ')

const MEGABYTE = 1_000_000
const page = pagesIn('tuned').find(({ name }) => name === 'pos.md')
if (!page) throw new Error('no page pos.md')
let text = ''
for (let copy = 0; text.length < MEGABYTE; copy++) text += page.bytes.toString().replaceAll('_', `_${copy}_`)
importPage(page.bytes)
const start = performance.now()
importPage(Buffer.from(text))
const took = performance.now() - start
console.log(
  `1 MB of Markdown tables: ${Math.round(took)} ms, ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
)

let slowest = { name: '', took: 0 }
for (const [name, hostile] of HOSTILE_PAGES) {
  const from = performance.now()
  importPage(Buffer.from(hostile))
  const took = performance.now() - from
  if (took > slowest.took) slowest = { name, took }
}
console.log(
  `slowest of ${HOSTILE_PAGES.length} hostile pages of the largest size: ${Math.round(slowest.took)} ms (${slowest.name})`,
)
