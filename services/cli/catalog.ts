import type { Command } from 'commander'
import { addCatalogCompile } from './catalog-compile.ts'
import { addCatalogImport } from './catalog-import.ts'

/** `telltale catalog …`: one line a command. */
export const addCatalog = (program: Command): void => {
  const catalog = program.command('catalog').description('catalogs of error codes: make them, check them')
  addCatalogImport(catalog)
  addCatalogCompile(catalog)
}
