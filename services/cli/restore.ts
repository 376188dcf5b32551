import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Config } from '../config.ts'
import type { Manifest } from '../store/backup.ts'
import { withProgress } from './progress.ts'
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
} from './run.ts'

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
  // Here, not above: it loads the engine.
  const { isEmpty, readManifest } = await import('../store/backup.ts')
  if (!(await isEmpty(config.data))) {
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

async function fill(config: Config, from: string): Promise<Manifest> {
  const { makeDataDirectory } = await import('../data-directory.ts')
  const { restore } = await import('../store/backup.ts')
  const { openEmbedded } = await import('../store/embedded.ts')
  const data = resolve(config.data)
  await makeDataDirectory(data, 'engine')
  const { database } = config.clickhouse
  const engine = await openEmbedded(data, database, config.limits.memoryBytes)
  const client = await engine.connect()
  try {
    return await restore(client, from, data, database)
  } catch (error) {
    // It was empty, so all that is in it is ours; half of it must not be started on.
    await rm(data, { recursive: true, force: true })
    throw error
  } finally {
    await client.close()
    await engine.close()
  }
}
