import type { LoadedCatalogs } from '../../catalog/load.ts'

/** How many catalogs and codes are known, and which of them are from the user's directories. */
export function catalogsText(
  { catalogs, own }: Pick<LoadedCatalogs, 'catalogs' | 'own'>,
  directories: string[],
): string {
  const codes = catalogs.reduce((sum, catalog) => sum + catalog.codes.length, 0)
  const all = `${catalogs.length} catalogs with ${codes} codes`
  if (directories.length === 0) return `${all}, all built in; --catalogs DIR adds yours.`
  const where = directories.join(', ')
  return own.length === 0
    ? `${all}, all built in; there is no .yaml file in ${where}.`
    : `${all}; from ${where}: ${own.join(', ')}.`
}
