import { isRetryable, type Retry } from '../contract/vocabulary.ts'
import { deriveRetry } from '../instrumentation/retry-policy/derive-retry.ts'
import { retryOfStatus } from '../instrumentation/retry-policy/status-default.ts'
import { type Catalogs, compileCatalogs } from './classify.ts'
import { contested } from './contested.ts'
import type { ReadCatalog } from './read-file.ts'
import type { Catalog, CodeEntry } from './schema.ts'
import { statusContradicts } from './status-contradicts.ts'
import type { Problem } from './yaml-source.ts'

/** Something wrong or doubtful, and how to mend it. */
export interface Flaw extends Problem {
  level: 'error' | 'warning'
}

export interface LintedFile {
  file: string
  read: ReadCatalog | Problem[]
}

/** Judges files that belong together, as one directory's do. `hasSecret` says whether a line of text looks like holding one. */
export function lintCatalogs(
  files: readonly LintedFile[],
  hasSecret: (line: string) => boolean,
  builtIn: readonly Catalog[],
): Flaw[] {
  const claimed = new Map<string, string>()
  const fileOf = new Map<string, string>()
  const byFile = files.map(({ file, read }): Flaw[] => {
    if (Array.isArray(read)) return read.map((problem) => ({ ...problem, level: 'error' }))
    const { provider } = read.catalog
    const twin = fileOf.get(provider)
    fileOf.set(provider, file)
    const flaws: Flaw[] = twin
      ? [flaw(file, read, ['provider'], 'error', `${twin} already is the catalog of ${provider}: merge them`)]
      : []
    const contests = contested(read, claimed, file).map((one): Flaw => ({ ...one, level: 'error' }))
    return [
      ...flaws,
      ...contests,
      ...takenFromBuiltIn(file, read, builtIn),
      ...secrets(file, read, hasSecret),
      ...codesOf(file, read),
    ].sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
  })
  return byFile.flat()
}

const flaw = (
  file: string,
  { lineOf }: ReadCatalog,
  path: PropertyKey[],
  level: Flaw['level'],
  message: string,
): Flaw => ({ file, line: lineOf(path), level, message })

/** Allowed, for the user's own win; but hardly meant. */
function takenFromBuiltIn(file: string, read: ReadCatalog, builtIn: readonly Catalog[]): Flaw[] {
  const { provider, match } = read.catalog
  return (['hosts', 'services'] as const).flatMap((kind) =>
    match[kind].flatMap((name, index) => {
      const other = builtIn.find((one) => one.provider !== provider && one.match[kind].includes(name))
      const message = `${name} is matched by the built-in catalog of ${other?.provider} too, and this one wins: name the provider ${other?.provider} to replace that one, or leave it out here`
      return other ? [flaw(file, read, ['match', kind, index], 'warning', message)] : []
    }),
  )
}

/** In comments too: examples are pasted there. */
const secrets = (file: string, { text }: ReadCatalog, hasSecret: (line: string) => boolean): Flaw[] =>
  text.split('\n').flatMap((line, index): Flaw[] =>
    hasSecret(line)
      ? [
          {
            file,
            line: index + 1,
            level: 'error',
            message:
              'looks like a secret: take it out, and revoke it if it was real (a placeholder like <key> is fine)',
          },
        ]
      : [],
  )

function codesOf(file: string, read: ReadCatalog): Flaw[] {
  const { catalog } = read
  const compiled = compileCatalogs([catalog])
  const spelling = new Map<string, string>()
  return catalog.codes.flatMap((entry, index) => {
    const at = (field: keyof CodeEntry | null, level: Flaw['level'], message: string) =>
      flaw(
        file,
        read,
        ['codes', index, ...(field === null ? [] : [field])],
        level,
        `${entry.code}: ${message}`,
      )
    const flaws: Flaw[] = []
    const alike = spelling.get(entry.code.toLowerCase())
    spelling.set(entry.code.toLowerCase(), entry.code)
    if (alike !== undefined)
      flaws.push(at('code', 'warning', `only case tells it from ${alike}: is one of them misspelt?`))
    if (entry.meaning === undefined)
      flaws.push(at(null, 'error', 'has no meaning: say what happened, in a sentence'))
    if (new Set(entry.http).size < entry.http.length)
      flaws.push(at('http', 'warning', 'a status stands here twice: once is enough'))
    for (const message of contradictions(entry, catalog, compiled)) flaws.push(at(...message))
    const instead = entry.deprecated?.instead
    if (instead !== undefined && !catalog.codes.some(({ code }) => code === instead))
      flaws.push(at('deprecated', 'warning', `its successor ${instead} is not in this catalog: add it`))
    return flaws
  })
}

type Contradiction = ['class' | 'http' | 'retry', Flaw['level'], string]

function contradictions(entry: CodeEntry, catalog: Catalog, { explain }: Catalogs): Contradiction[] {
  const { code, http } = entry
  const errorClass = explain(catalog.provider, code)!.class
  const found: Contradiction[] = http
    .filter((status) => statusContradicts(status, errorClass))
    .map((status) => [
      entry.class === undefined ? 'http' : 'class',
      'error',
      `status ${status} contradicts the class ${errorClass}: correct one of them`,
    ])
  const against = defaultAgainst(entry, catalog)
  if (against !== null)
    found.push([
      'retry',
      'error',
      `retry ${entry.retry} contradicts ${against}: correct it, or say \`retry_is: stated\` if the publisher says so`,
    ])
  return found
}

/** What a retry word that nobody vouches for is at odds with; null where it is with nothing. */
function defaultAgainst({ code, http, retry, retry_is, meaning, action }: CodeEntry, catalog: Catalog) {
  if (retry === undefined || retry === 'unknown' || retry_is === 'stated') return null
  const differs = (other: Retry) => other !== 'unknown' && isRetryable(other) !== isRetryable(retry)
  for (const status of http) {
    const rule = catalog.statuses[status] ?? catalog.statuses[`${Math.floor(status / 100)}xx`]
    const byRule = rule && differs(rule.retry)
    if (byRule) return `this catalog's own ${rule.retry} for ${status}`
    if (rule) return null
    const words = [meaning, action].filter(Boolean).join(' ')
    // The words may well explain why it is not as the status says.
    const isExplained = !differs(deriveRetry({ code, http, words }).retry)
    if (differs(retryOfStatus(status)) && !isExplained)
      return `what HTTP says of ${status} (${retryOfStatus(status)})`
  }
  return null
}
