import type { Command } from 'commander'
import { addCatalogCompile } from './compile.ts'
import { addCatalogDiff } from './diff.ts'
import { addCatalogGaps } from './gaps.ts'
import { addCatalogImport } from './import.ts'
import { addCatalogLint } from './lint.ts'
import { addCatalogList } from './list.ts'
import { addCatalogShow } from './show.ts'

/** `telltale catalog …`: one line a command. */
export const addCatalog = (program: Command): void => {
  const catalog = program
    .command('catalog')
    .description('catalogs of error codes: make them, check them')
    .addHelpText('after', '\nExample:\n  $ telltale catalog lint ./catalogs')
  addCatalogList(catalog)
  addCatalogShow(catalog)
  addCatalogImport(catalog)
  addCatalogLint(catalog)
  addCatalogDiff(catalog)
  addCatalogGaps(catalog)
  addCatalogCompile(catalog)
}
