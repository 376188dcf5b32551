import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { reasonOf } from '../contract/thrown.ts'
import { contested } from './contested.ts'
import { readCatalogFile } from './read-file.ts'
import type { Catalog } from './schema.ts'
import type { Problem } from './yaml-source.ts'

export interface LoadedCatalogs {
  /** Built-in ones first: where two claim the same host or service, the later one wins. */
  catalogs: Catalog[]
  /** The providers whose catalog is from the user's directories. */
  own: string[]
  /** Everything found wrong, all at once. A file with a problem contributes nothing. */
  problems: Problem[]
}

/** Beside this module, in the source tree as in the compiled package. */
export const BUILT_IN = fileURLToPath(new URL('./vendors/', import.meta.url))
/** What is read of them, in the built package alone: to read them costs a tenth of a start. */
const READ_BEFORE = fileURLToPath(new URL('./built-in.json', import.meta.url))

/** The built-in catalogs and the user's directories; for a provider that stands in several, the last one wins. */
export async function loadCatalogs(directories: readonly string[]): Promise<LoadedCatalogs> {
  const problems: Problem[] = []
  const catalogs = new Map<string, Catalog>()
  const own = new Set<string>()
  for (const directory of [BUILT_IN, ...directories]) {
    const isRead = directory === BUILT_IN && existsSync(READ_BEFORE)
    for (const catalog of await (isRead ? readBefore() : loadDirectory(directory, problems))) {
      const { provider } = catalog
      if (directory !== BUILT_IN) own.add(provider)
      // Not just replaced: it moves to the end, so that its hosts win too.
      catalogs.delete(provider)
      catalogs.set(provider, catalog)
    }
  }
  return { catalogs: [...catalogs.values()], own: [...own], problems }
}

/** Editors and mounted volumes leave dot files beside the real ones. */
export const isCatalogName = (name: string): boolean => /^[^.].*\.ya?ml$/.test(name)

const readBefore = async (): Promise<Catalog[]> =>
  JSON.parse(await readFile(READ_BEFORE, 'utf8')) as Catalog[]

async function loadDirectory(directory: string, problems: Problem[]): Promise<Catalog[]> {
  const catalogs = new Map<string, Catalog>()
  const claimed = new Map<string, string>()
  let names: string[]
  try {
    names = (await readdir(directory)).filter(isCatalogName).sort()
  } catch (error) {
    problems.push({ file: directory, message: `cannot read the directory of catalogs: ${reasonOf(error)}` })
    return []
  }
  for (const name of names) {
    const file = join(directory, name)
    const parsed = await readCatalogFile(file)
    if (Array.isArray(parsed)) {
      problems.push(...parsed)
    } else if (catalogs.has(parsed.catalog.provider)) {
      const message = `another file in this directory already is the catalog of ${parsed.catalog.provider}`
      problems.push({ file, line: parsed.lineOf(['provider']), message })
    } else {
      catalogs.set(parsed.catalog.provider, parsed.catalog)
      problems.push(...contested(parsed, claimed, file))
    }
  }
  return [...catalogs.values()]
}
