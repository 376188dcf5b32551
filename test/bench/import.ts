import { importPage } from '../../services/catalog/import/import-page.ts'
import { pagesIn, scorePage, sum } from '../catalog/import/score.ts'

// How well and how fast pages are imported: docs/catalogs.md records it.

for (const part of ['tuned', 'held'] as const) {
  const pages = pagesIn(part)
  const { f1, right, invented, missed, stated, statedRight, wrong } = sum(pages.map(scorePage))
  console.log(
    `${part}: ${pages.length} pages, code and status F1 ${f1.toFixed(3)} (${right} right, ${invented} invented, ${missed} missed), stated retry ${statedRight}/${stated}`,
  )
  for (const each of wrong) console.log(`  ${each}`)
}

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
