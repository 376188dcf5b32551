import { readFileSync } from 'node:fs'
import { parse as parseYaml, YAMLParseError } from 'yaml'

/** What a YAML file sets, by the name of the setting: `{ limits: { cardinality: 5 } }` is `limits.cardinality`. */
export function readSettings(file: string, mustExist: boolean, problems: string[]): Map<string, unknown> {
  const settings = new Map<string, unknown>()
  const collect = (section: Record<string, unknown>, prefix: string) => {
    for (const [key, value] of Object.entries(section)) {
      if (isSection(value)) collect(value, `${prefix}${key}.`)
      else settings.set(prefix + key, value)
    }
  }
  try {
    const written = readFileSync(file, 'utf8')
    const content: unknown = parsed(written) ?? {}
    if (isSection(content)) collect(content, '')
    else problems.push(`${file} must hold settings, one "name: value" a line`)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') problems.push(`${file} cannot be read: ${message.trim()}`)
    else if (mustExist) problems.push(`${file} does not exist: name a file that does, or leave it out`)
  }
  return settings
}

/** The parser's own words quote the file, and there may be a password on that line. */
function parsed(written: string): unknown {
  try {
    return parseYaml(written, { logLevel: 'error' })
  } catch (error) {
    const [at] = (error instanceof YAMLParseError && error.linePos) || []
    const kind = error instanceof YAMLParseError ? ` (${error.code})` : ''
    throw new Error(`it is not valid YAML${at ? ` at line ${at.line}, column ${at.col}` : ''}${kind}`)
  }
}

const isSection = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
