import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

// Those that people read; pages that tests import lead nowhere on purpose.
const DOCUMENTS = [
  ...globSync('*.md', { cwd: ROOT }),
  ...globSync('{docs,deploy,examples}/**/*.md', { cwd: ROOT, exclude: ['**/node_modules'] }),
  'services/instrumentation/README.md',
]

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const withoutCode = (markdown: string) =>
  markdown.replace(/^( *)```[\s\S]*?^ *```/gm, '').replace(/`[^`\n]*`/g, '')

/** The anchors that GitHub gives a document's headings. */
function anchorsOf(path: string): Set<string> {
  const seen = new Map<string, number>()
  const anchors = new Set<string>()
  for (const [, heading = ''] of read(path)
    .replace(/^( *)```[\s\S]*?^ *```/gm, '')
    .matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-')
    const times = seen.get(slug) ?? 0
    seen.set(slug, times + 1)
    anchors.add(times === 0 ? slug : `${slug}-${times}`)
  }
  return anchors
}

const links = DOCUMENTS.flatMap((document) =>
  [...withoutCode(read(document)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => ({ document, to })),
).filter(({ to }) => !/^[a-z]+:/.test(to))

test('every link between documents leads to a file, and to a heading of it', () => {
  expect(links.length).toBeGreaterThan(20)
  const broken = links.filter(({ document, to }) => {
    const [file = '', anchor] = to.split('#')
    const target = file === '' ? document : relative(ROOT, join(ROOT, dirname(document), file))
    if (!existsSync(join(ROOT, target))) return true
    return (
      anchor !== undefined && (statSync(join(ROOT, target)).isDirectory() || !anchorsOf(target).has(anchor))
    )
  })
  expect(broken.map(({ document, to }) => `${document}: ${to}`)).toEqual([])
})
