import type { Config } from '../../config.ts'
import { openStore, type Store } from '../../store/connect/open.ts'
import { embeddedStore } from '../../store-place.ts'
import { lockDirectory } from '../../transport/inline/lock.ts'

/** The store, for a command that has it to itself until it closes it. */
export async function openAlone(config: Config): Promise<Store> {
  const unlock = embeddedStore(config) === null ? async () => {} : await lockDirectory(config.data)
  try {
    const store = await openStore({ ...config, memoryBytes: config.limits.memoryBytes })
    return { ...store, close: () => store.close().finally(unlock) }
  } catch (error) {
    await unlock()
    throw error
  }
}
