import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Config } from '../../config.ts'
import type { Manifest } from '../../store/upkeep/backup.ts'
import { lockDirectory } from '../../transport/inline/lock.ts'
import {
  complain,
  FAILED,
  GOOD,
  loadFor,
  print,
  printJson,
  problemsOf,
  WRONG_USE,
  withConfiguration,
} from '../run.ts'
import { withProgress } from '../text/progress.ts'

interface Flags {
  data?: string
  config?: string
  json?: true
}

/** `telltale restore DIR`: a backup, into an empty data directory. */
export const addRestore = (program: Command): Command =>
  withConfiguration(program.command('restore'))
    .description('fill an empty data directory from a backup')
    .argument('<directory>', 'the backup')
    .option('--json', 'print what was restored as JSON')
    .addHelpText('after', '\nExample:\n  $ telltale restore /backups/telltale-2026-11-21 --data ./restored')
    .action(async (from: string, flags: Flags) => {
      process.exitCode = await restoreFrom(resolve(from), flags)
    })

async function restoreFrom(from: string, { json, ...flags }: Flags): Promise<number> {
  const loaded = loadFor(flags)
  const wrong = problemsOf(loaded, flags)
  if (wrong !== null) return wrong
  const { config } = loaded
  // Here, not above: they load the engine.
  const { readManifest } = await import('../../store/upkeep/backup.ts')
  const { mayBeRestoredInto } = await import('../../store/upkeep/restore.ts')
  if (!(await mayBeRestoredInto(config.data))) {
    complain(
      `${config.data} is not empty; a backup is restored into an empty directory only. Give one with --data.`,
    )
    return WRONG_USE
  }
  try {
    await readManifest(from)
    const made = await withProgress(() => `restoring ${from}`, fill(config, from))
    if (json) printJson({ ...made, directory: resolve(config.data) })
    else print(`Restored into ${config.data}: ${made.rows.errors} errors, as of ${made.made_at}.`)
    return GOOD
  } catch (error) {
    complain((error as Error).message)
    return FAILED
  }
}

async function fill({ data, clickhouse, limits }: Config, from: string): Promise<Manifest> {
  const { makeDataDirectory } = await import('../../data-directory.ts')
  const { mayBeRestoredInto, restore } = await import('../../store/upkeep/restore.ts')
  const directory = resolve(data)
  await makeDataDirectory(directory, 'engine')
  const unlock = await lockDirectory(directory)
  try {
    if (!(await mayBeRestoredInto(directory))) throw new Error(`${data} is not empty any longer.`)
    return await restore(from, directory, { database: clickhouse.database, memoryBytes: limits.memoryBytes })
  } finally {
    await unlock()
  }
}
