import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { compileForHook } from '../../catalog/compile-for-hook.ts'
import { loadCatalogs } from '../../catalog/load.ts'
import { problemText } from '../../catalog/problem-text.ts'
import { reasonOf } from '../../contract/thrown.ts'
import { complain, FAILED, GOOD, loadFor, print, problemsOf, withConfiguration } from '../run.ts'
import { plain } from '../text/terminal.ts'

interface Flags {
  data?: string
  config?: string
  out?: string
}

/** `telltale catalog compile`: all catalogs as the small JSON that the hook loads. */
export const addCatalogCompile = (catalog: Command): Command =>
  withConfiguration(catalog.command('compile'))
    .description('all catalogs, built in and yours, as one small JSON file for @telltale/instrumentation')
    .option('--out <file>', 'write it there instead of printing it')
    .addHelpText('after', '\nExample:\n  $ telltale catalog compile --out telltale-catalogs.json')
    .action(async (flags: Flags) => {
      process.exitCode = await compile(flags)
    })

async function compile({ out, ...flags }: Flags): Promise<number> {
  const loaded = loadFor(flags)
  const wrong = problemsOf(loaded, flags)
  if (wrong !== null) return wrong
  const { catalogs, problems } = await loadCatalogs(loaded.config.catalogs)
  // A hook that lacks a catalog would not say so: all of them, or none.
  for (const problem of problems) complain(plain(problemText(problem)))
  if (problems.length > 0) return FAILED
  const json = JSON.stringify(compileForHook(catalogs))
  if (out === undefined) {
    print(json)
    return GOOD
  }
  try {
    await writeFile(out, `${json}\n`)
  } catch (error) {
    complain(`cannot write ${plain(out)}: ${plain(reasonOf(error))}`)
    return FAILED
  }
  const codes = catalogs.reduce((sum, one) => sum + one.codes.length, 0)
  complain(`${catalogs.length} catalogs with ${codes} codes in ${plain(out)}`)
  return GOOD
}
