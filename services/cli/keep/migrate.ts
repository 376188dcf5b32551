import type { Command } from 'commander'
import type { Config } from '../../config.ts'
import { complain, FAILED, GOOD, loadFor, print, printJson, problemsOf, withConfiguration } from '../run.ts'
import { startProblem } from '../start-problem.ts'
import { withProgress } from '../text/progress.ts'

interface Flags {
  data?: string
  config?: string
  dryRun?: true
  cluster?: string
  json?: true
}

/** `telltale migrate`: the schema of the store, brought up to what this version knows. */
export const addMigrate = (program: Command): Command =>
  withConfiguration(program.command('migrate'))
    .description('bring the schema of the store up to this version; `up` does so when it starts')
    .option('--dry-run', 'print the SQL that is due, and change nothing')
    .option('--cluster <name>', 'not there yet: schemas are made on one server')
    .option('--json', 'print what was done, or is due, as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ telltale migrate --dry-run
  $ TELLTALE_CLICKHOUSE_URL=http://clickhouse:8123 telltale migrate`,
    )
    .action(async (flags: Flags) => {
      process.exitCode = await migrate(flags)
    })

async function migrate({ dryRun, cluster, json, ...flags }: Flags): Promise<number> {
  const loaded = loadFor(flags)
  const wrong = problemsOf(loaded, flags)
  if (wrong !== null) return wrong
  if (cluster !== undefined) {
    complain(
      `making the schema on a cluster (${cluster}) is not there yet, and nothing was changed. ` +
        'Without --cluster it is made on the one server that TELLTALE_CLICKHOUSE_URL names, or in the embedded store.',
    )
    return FAILED
  }
  const { config } = loaded
  try {
    // Here, not above: it loads the engine.
    const { bringUp, due } = await import('./schema-of-store.ts')
    const migrations = await withProgress(
      () => (dryRun ? 'looking at the schema' : 'bringing up the schema'),
      dryRun ? due(config) : bringUp(config),
    )
    if (json) printJson(dryRun ? migrations : migrations.map(({ version, name }) => ({ version, name })))
    else if (migrations.length === 0) print('The schema is up to date.')
    else if (dryRun)
      for (const { statements } of migrations) print(statements.map((one) => `${one};\n`).join('\n'))
    else
      for (const { version, name } of migrations) print(`applied ${String(version).padStart(3, '0')} ${name}`)
    return GOOD
  } catch (error) {
    complain(isInUse(error) ? inUse(config) : startProblem(error, config))
    return FAILED
  }
}

const isInUse = (error: unknown) =>
  ['in_use', 'store_locked'].includes(String((error as { code?: unknown }).code))

const inUse = ({ data }: Config) =>
  `a telltale is running on ${data}. It brought the schema up when it started, so nothing is due unless this is a newer version: then stop it first.`
