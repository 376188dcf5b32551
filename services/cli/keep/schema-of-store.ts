import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { makeDataDirectory } from '../../data-directory.ts'
import { type Migration, migrate, migrations, pendingMigrations, statementsOf } from '../../store/migrate.ts'
import type { Store } from '../../store/open.ts'
import { openAlone } from '../answers/open-alone.ts'

/** Applies what is due; answers what that was. */
export async function bringUp(config: Config): Promise<Migration[]> {
  await makeDataDirectory(config.data, config.clickhouse.url === undefined ? 'engine' : 'journal')
  return onStore(config, ({ writer }) => migrate(writer))
}

/** What is due, with every statement that would be run. */
export async function due(config: Config): Promise<Migration[]> {
  const pending = isMissing(config)
    ? migrations()
    : await onStore(config, ({ writer }) => pendingMigrations(writer))
  return pending.map((one) => ({ ...one, statements: statementsOf(one) }))
}

/** Does something with the store, open for it alone. */
export async function onStore<T>(config: Config, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openAlone(config)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** An embedded store that is not there yet: everything is due, and looking must not make one. */
const isMissing = ({ data, clickhouse }: Config): boolean =>
  clickhouse.url === undefined && !existsSync(join(data, 'store'))
