import { answerLookup, type LookupAnswer } from '../api/lookup-answer.ts'
import { compileCatalogs } from '../catalog/classify.ts'
import { loadCatalogs } from '../catalog/load.ts'
import type { Config } from '../config.ts'
import { openStore } from '../store/open.ts'
import type { Answer } from './ask.ts'

/** The same answer without a running instance. What a crash left in the journal is not in the store yet. */
export async function lookupInStore(config: Config, id: string): Promise<Answer<LookupAnswer>> {
  const { catalogs } = await loadCatalogs(config.catalogs)
  const store = await openStore({ ...config, memoryBytes: config.limits.memoryBytes }).catch(
    (error: Error) => error,
  )
  if (store instanceof Error) {
    return {
      status: 'failed',
      message: `${store.message}. If it is a telltale, say where it listens with --url.`,
    }
  }
  try {
    const answer = await answerLookup(store.reader.query, compileCatalogs(catalogs), id)
    if (answer) return { status: 'answered', data: answer }
    return {
      status: 'failed',
      message: `nothing is stored about ${id} in ${config.clickhouse.url ?? config.data}.`,
    }
  } finally {
    await store.close()
  }
}
