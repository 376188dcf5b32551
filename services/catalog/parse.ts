import type { z } from 'zod'
import { type Catalog, catalogSchema } from './schema.ts'
import { MOST_PROBLEMS, type Problem, readYaml, type YamlSource } from './yaml-source.ts'

export interface ParsedCatalog {
  catalog: Catalog
  lineOf: YamlSource['lineOf']
}

/** One catalog file's text, or everything that is wrong with it. */
export function parseCatalog(text: string, file: string): ParsedCatalog | Problem[] {
  const source = readYaml(text, file)
  if (Array.isArray(source)) return source
  const parsed = catalogSchema.safeParse(source.value)
  if (parsed.success) return { catalog: parsed.data, lineOf: source.lineOf }
  return parsed.error.issues.slice(0, MOST_PROBLEMS).map((issue) => ({
    file,
    line: source.lineOf(whereOf(issue)),
    message: `${placeOf(issue.path)}${messageOf(issue)}`,
  }))
}

/** An unknown key is reported on the object that holds it; point at the key itself. */
function whereOf(issue: z.core.$ZodIssue): PropertyKey[] {
  return issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]] : issue.path
}

/** What is wrong with a key stands one level deeper. */
function messageOf(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_key' ? issue.issues.map(({ message }) => message).join('; ') : issue.message
}

function placeOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return ''
  const place = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
  return `${place.replace(/^\./, '')}: `
}
