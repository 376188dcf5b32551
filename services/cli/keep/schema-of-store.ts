import type { Config } from '../../config.ts'
import { makeDataDirectory } from '../../data-directory.ts'
import type { Store } from '../../store/connect/open.ts'
import { type Migration, migrate, migrations, pendingMigrations, statementsOf } from '../../store/migrate.ts'
import { embeddedStore, hasStore, useOfData } from '../../store-place.ts'
import { openAlone } from '../answers/open-alone.ts'

/** Applies what is due; answers what that was. */
export async function bringUp(config: Config): Promise<Migration[]> {
  if (embeddedStore(config) !== null) await makeDataDirectory(config.data, useOfData(config))
  return onStore(config, ({ writer }) => migrate(writer))
}

/** What is due, with every statement that would be run: all of it where there is no store, and looking makes none. */
export async function due(config: Config): Promise<Migration[]> {
  const pending = hasStore(config)
    ? await onStore(config, ({ writer }) => pendingMigrations(writer))
    : migrations()
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
