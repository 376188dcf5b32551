import type { ParsedCatalog } from './parse.ts'
import type { Problem } from './yaml-source.ts'

/** Two catalogs of one directory that claim the same host or service: which one wins would be an accident of file names. */
export function contested(
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
          message: `${name} is already matched by ${other}: only one of them can have it`,
        })
      }
      claimed.set(claim, catalog.provider)
    })
  }
  return problems
}
