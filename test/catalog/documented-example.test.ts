import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lintCatalogs } from '../../services/catalog/lint.ts'
import { readCatalogBytes } from '../../services/catalog/read-file.ts'

test('the catalog that the documentation shows has no flaw', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/catalogs.md'), 'utf8')
  const [, example = ''] = /^ {3}```yaml\n([\s\S]*?)^ {3}```/m.exec(page) ?? []
  expect(example).toContain('provider: shop-api')
  const read = readCatalogBytes(Buffer.from(example.replace(/^ {3}/gm, '')), 'shop-api.yaml')
  expect(lintCatalogs([{ file: 'shop-api.yaml', read }], () => false, [])).toEqual([])
})
