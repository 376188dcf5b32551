import type { Command } from 'commander'
import { type Change, diffCatalogs } from '../../catalog/diff.ts'
import { problemText } from '../../catalog/problem-text.ts'
import type { Catalog } from '../../catalog/schema.ts'
import { complain, FAILED, GOOD, print, printJson, WRONG_USE } from '../run.ts'
import { paint, plain, type Style } from '../text/terminal.ts'
import { catalogFiles } from './sources.ts'

interface Flags {
  json?: true
}

/** `telltale catalog diff OLD NEW`: whether a change breaks what programs rely on. */
export const addCatalogDiff = (catalog: Command): Command =>
  catalog
    .command('diff')
    .description('what changed between two versions of catalogs, and whether it breaks anything')
    .argument('<old>', 'a file, a directory, or git:REV:path')
    .argument('<new>', 'likewise')
    .option('--json', 'print the changes as JSON')
    .addHelpText(
      'after',
      `
Exits 1 on a break: codes are permanent, and so is what they promise. A path
after git:REV: is counted from the top of the repository, or from here with ./

Examples:
  $ telltale catalog diff old.yaml new.yaml
  $ telltale catalog diff git:origin/main:catalogs catalogs`,
    )
    .action(async (before: string, after: string, flags: Flags) => {
      process.exitCode = await diff(before, after, flags)
    })

async function diff(before: string, after: string, { json }: Flags): Promise<number> {
  const [old, now] = [await catalogsOf(before), await catalogsOf(after)]
  if (typeof old === 'number' || typeof now === 'number') return Math.max(Number(old) || 0, Number(now) || 0)
  const changes = diffCatalogs(old, now, new Date())
  if (json) printJson(changes)
  else for (const change of changes) print(lineOf(change))
  const breaks = changes.filter(({ level }) => level === 'break').length
  if (!json)
    complain(breaks === 0 ? 'nothing breaks.' : `${breaks} of ${changes.length} changes break something.`)
  return breaks === 0 ? GOOD : FAILED
}

/** Or how to exit: a version that cannot be read can be compared with nothing. */
async function catalogsOf(source: string): Promise<Catalog[] | number> {
  const files = await catalogFiles(source)
  if (typeof files === 'string') {
    complain(plain(files))
    return WRONG_USE
  }
  const catalogs: Catalog[] = []
  let broken = false
  for (const { read } of files) {
    if (!Array.isArray(read)) {
      catalogs.push(read.catalog)
      continue
    }
    broken = true
    for (const problem of read) complain(plain(problemText(problem)))
  }
  return broken ? FAILED : catalogs
}

const STYLE: Record<Change['level'], Style> = { break: 'red', warning: 'yellow', addition: 'green' }

const lineOf = ({ level, provider, code, message }: Change): string =>
  `${paint(STYLE[level], level)}: ${plain(provider)}${code === '' ? '' : ` ${plain(code)}`}: ${plain(message)}`
