import type { Command } from 'commander'
import { type Flaw, type LintedFile, lintCatalogs } from '../../catalog/lint.ts'
import { loadCatalogs } from '../../catalog/load.ts'
import { placeOf } from '../../catalog/problem-text.ts'
import { complain, FAILED, GOOD, print, printJson, WRONG_USE } from '../run.ts'
import { counted } from '../text/numbers.ts'
import { paint, plain } from '../text/terminal.ts'
import { looksSecret } from './secret-looking.ts'
import { catalogFiles } from './sources.ts'

interface Flags {
  json?: true
}

/** `telltale catalog lint FILE…`: what is wrong in catalogs, where, and how to mend it. */
export const addCatalogLint = (catalog: Command): Command =>
  catalog
    .command('lint')
    .description('check catalogs: file and line, what is wrong, how to mend it')
    .argument('<file...>', 'catalog files, or directories of them')
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      '\nExits 1 if there is an error; a warning does no harm.\n\nExample:\n  $ telltale catalog lint catalogs/',
    )
    .action(async (sources: string[], flags: Flags) => {
      process.exitCode = await lint(sources, flags)
    })

async function lint(sources: string[], { json }: Flags): Promise<number> {
  const files: LintedFile[] = []
  for (const source of new Set(sources)) {
    const found = await catalogFiles(source)
    if (typeof found === 'string') {
      complain(plain(found))
      return WRONG_USE
    }
    files.push(...found)
  }
  const { catalogs } = await loadCatalogs([])
  const flaws = lintCatalogs(files, looksSecret, catalogs)
  if (json) printJson(flaws)
  else for (const flaw of flaws) print(lineOf(flaw))
  const errors = flaws.filter(({ level }) => level === 'error').length
  if (!json)
    complain(
      `${counted(files.length, 'file')}: ${counted(errors, 'error')}, ${counted(flaws.length - errors, 'warning')}.`,
    )
  return errors === 0 ? GOOD : FAILED
}

const lineOf = ({ level, message, ...at }: Flaw): string =>
  `${plain(placeOf(at))}: ${paint(level === 'error' ? 'red' : 'yellow', level)}: ${plain(message)}`
