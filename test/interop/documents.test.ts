import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { blocksOf, documents, filesOf } from './document.ts'

/** Languages whose blocks do something; all of them are files that a case runs. */
const RUNS = ['python', 'java', 'go', 'yaml', 'xml']

const casesOf = (document: string): string =>
  ['test', 'interop']
    .map((kind) => join(import.meta.dirname, `${document.slice(0, -3)}.${kind}.ts`))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, 'utf8'))
    .join('')

test('there are documents', () => {
  expect(documents().length).toBeGreaterThan(0)
})

describe.each(documents())('docs/instrument/%s', (document) => {
  const scripts = [...filesOf(document).keys()].filter((name) => name.endsWith('.sh'))

  test('has a case that runs each of its scripts', () => {
    const source = casesOf(document)
    expect(scripts.length).toBeGreaterThan(0)
    expect(scripts.filter((name) => name !== 'install.sh' && !source.includes(`'${name}'`))).toEqual([])
  })

  test('has no code that is not a file, and no file that nothing uses', () => {
    expect(
      blocksOf(document).filter(({ language, title }) => RUNS.includes(language) && title === undefined),
    ).toEqual([])
    const files = filesOf(document)
    const usedBy = (name: string): boolean => {
      // A module is named without its ending, a package or a class by its directory or name.
      const [, directory, stem] = /^(?:(.*)\/)?([^/.]+)[^/]*$/.exec(name) ?? []
      return [...files].some(
        ([other, text]) =>
          other !== name && (text.includes(stem!) || (directory !== undefined && text.includes(directory))),
      )
    }
    /** What the language's own tool looks for. */
    const found = ['go.mod', 'pom.xml']
    expect(
      [...files.keys()].filter((name) => !scripts.includes(name) && !found.includes(name) && !usedBy(name)),
    ).toEqual([])
  })
})
