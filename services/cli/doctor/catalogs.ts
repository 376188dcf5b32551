import { loadCatalogs } from '../../catalog/load.ts'
import { problemText } from '../../catalog/problem-text.ts'
import type { Config } from '../../config.ts'
import { catalogsText } from '../serve/catalogs-text.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

export async function checkCatalogs({ catalogs: directories }: Config): Promise<Finding[]> {
  const loaded = await loadCatalogs(directories)
  const text = catalogsText(loaded, directories)
  if (loaded.problems.length > 0)
    return loaded.problems.map((problem) =>
      fail(
        'catalogs',
        problemText(problem),
        'Correct it: `up` does not start with a catalog that has a problem.',
      ),
    )
  if (directories.length > 0 && loaded.own.length === 0)
    return [warn('catalogs', text, 'Put catalogs there as NAME.yaml, or change TELLTALE_CATALOGS.')]
  return [ok('catalogs', text)]
}
