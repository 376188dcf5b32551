import type { Command } from 'commander'
import { addCatalogCompile } from './catalog-compile.ts'
import { addCatalogDiff } from './catalog-diff.ts'
import { addCatalogGaps } from './catalog-gaps.ts'
import { addCatalogImport } from './catalog-import.ts'
import { addCatalogLint } from './catalog-lint.ts'
import { addCatalogList } from './catalog-list.ts'
import { addCatalogShow } from './catalog-show.ts'

/** `telltale catalog …`: one line a command. */
export const addCatalog = (program: Command): void => {
  const catalog = program.command('catalog').description('catalogs of error codes: make them, check them')
  addCatalogList(catalog)
  addCatalogShow(catalog)
  addCatalogImport(catalog)
  addCatalogLint(catalog)
  addCatalogDiff(catalog)
  addCatalogGaps(catalog)
  addCatalogCompile(catalog)
}
