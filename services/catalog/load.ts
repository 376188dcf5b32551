import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ParsedCatalog, parseCatalog } from './parse.ts'
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

/** Five thousand codes with long texts; more is not a catalog. */
const MOST_BYTES = 1024 * 1024

/** The built-in catalogs and the user's directories; for a provider that stands in several, the last one wins. */
export async function loadCatalogs(directories: readonly string[]): Promise<LoadedCatalogs> {
  const problems: Problem[] = []
  const catalogs = new Map<string, Catalog>()
  const own = new Set<string>()
  for (const directory of [BUILT_IN, ...directories]) {
    for (const [provider, catalog] of await loadDirectory(directory, problems)) {
      if (directory !== BUILT_IN) own.add(provider)
      // Not just replaced: it moves to the end, so that its hosts win too.
      catalogs.delete(provider)
      catalogs.set(provider, catalog)
    }
  }
  return { catalogs: [...catalogs.values()], own: [...own], problems }
}

async function loadDirectory(directory: string, problems: Problem[]): Promise<Map<string, Catalog>> {
  const catalogs = new Map<string, Catalog>()
  const claimed = new Map<string, string>()
  let names: string[]
  try {
    // Editors and mounted volumes leave dot files beside the real ones.
    names = (await readdir(directory)).filter((name) => /^[^.].*\.ya?ml$/.test(name)).sort()
  } catch (error) {
    problems.push({ file: directory, message: `cannot read the directory of catalogs: ${reason(error)}` })
    return catalogs
  }
  for (const name of names) {
    const file = join(directory, name)
    const parsed = await loadFile(file)
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
  return catalogs
}

async function loadFile(file: string): Promise<ParsedCatalog | Problem[]> {
  try {
    const stats = await stat(file)
    // A pipe or a device would be read for ever.
    if (!stats.isFile()) return [{ file, message: 'is not a file' }]
    const { size } = stats
    if (size > MOST_BYTES)
      return [{ file, message: `${size} bytes are more than the ${MOST_BYTES} a catalog may have` }]
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file))
    return parseCatalog(text, file)
  } catch (error) {
    return [{ file, message: `cannot be read: ${reason(error)}` }]
  }
}

/** Two catalogs of one directory that claim the same host: which one wins would be an accident of file names. */
function contested(
  { catalog, lineOf }: ParsedCatalog,
  claimed: Map<string, string>,
  file: string,
): Problem[] {
  const problems: Problem[] = []
  for (const kind of ['hosts', 'services'] as const) {
    catalog.match[kind].forEach((name, index) => {
      const claim = `${kind} ${name}`
      const other = claimed.get(claim)
      if (other !== undefined && other !== catalog.provider) {
        problems.push({
          file,
          line: lineOf(['match', kind, index]),
          message: `${name} is already matched by ${other}`,
        })
      }
      claimed.set(claim, catalog.provider)
    })
  }
  return problems
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error))
