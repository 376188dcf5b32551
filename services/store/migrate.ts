import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Client } from './client.ts'
import { StoreProblem } from './problem.ts'

export interface Migration {
  version: number
  name: string
  statements: string[]
}

const FILE = /^(\d{3})_(\w+)\.sql$/

/** The numbered files of schema/, in order. A statement ends with a semicolon at the end of a line. */
export function migrations(directory = fileURLToPath(new URL('./schema/', import.meta.url))): Migration[] {
  return readdirSync(directory)
    .map((file) => ({ file, match: FILE.exec(file) }))
    .filter(({ match }) => match !== null)
    .map(({ file, match }) => ({
      version: Number(match![1]),
      name: match![2]!,
      statements: readFileSync(join(directory, file), 'utf8')
        .split(/;\s*$/m)
        .map((statement) => statement.trim())
        .filter(Boolean),
    }))
    .sort((a, b) => a.version - b.version)
}

const LEDGER = `CREATE TABLE IF NOT EXISTS schema_migrations (
  version UInt32, name String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = MergeTree ORDER BY version SETTINGS fsync_after_insert = 1`

/** All that applying it runs, in order: its own statements, and the note that it was applied. */
export const statementsOf = ({ version, name, statements }: Migration): string[] => [
  LEDGER,
  ...statements,
  `INSERT INTO schema_migrations (version, name) VALUES (${version}, '${name}')`,
]

/** What `migrate` would apply, and changes nothing. Refuses a store that a newer version has written. */
export async function pendingMigrations(client: Client): Promise<Migration[]> {
  const [ledger] = await client.query(
    "SELECT count() AS n FROM system.tables WHERE database = currentDatabase() AND name = 'schema_migrations'",
  )
  const all = migrations()
  if (Number(ledger?.n) === 0) return all
  const rows = await client.query('SELECT DISTINCT version FROM schema_migrations')
  const applied = new Set(rows.map(({ version }) => Number(version)))
  const current = Math.max(0, ...applied)
  const newest = all.at(-1)!.version
  if (current > newest)
    throw new StoreProblem(
      'schema_newer',
      `the store has schema ${current}, and this version of telltale knows schemas up to ${newest}: start the newer telltale again`,
    )
  return all.filter(({ version }) => !applied.has(version))
}

/**
 * Brings the schema up, each migration once and again where it was cut short: every statement can be repeated.
 * Answers what was applied.
 */
export async function migrate(client: Client): Promise<Migration[]> {
  const pending = await pendingMigrations(client)
  for (const migration of pending) {
    for (const statement of statementsOf(migration)) await client.command(statement)
  }
  return pending
}

/** For processes that share a store, of which none changes the schema under the others. */
export async function requireSchema(client: Client): Promise<void> {
  const pending = await pendingMigrations(client)
  if (pending.length > 0)
    throw new Error(
      `the store lacks ${pending.length} migrations of this version: run \`telltale migrate\` first`,
    )
}
