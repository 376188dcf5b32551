import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { LoadedConfig } from '../config.ts'
import type { Answer, Ask, Method } from './answer.ts'
import type { ApiOnStore } from './api-on-store.ts'
import { ask } from './ask.ts'
import { complain } from './run.ts'

/** Where a command's answers come from. */
export interface Answers {
  ask: Ask
  /** Once something has answered: nobody runs, and the data is read by this process. */
  readsStore(): boolean
  /** The address, or the directory. */
  from(): string
  close(): Promise<void>
}

/**
 * From a running instance; from the data directory, if none runs where one would by default. The first question
 * decides. The store has one owner, so it is not kept open longer than a command needs it. `mayMake`: a store is made
 * where there is none.
 */
export function answersFor(loaded: LoadedConfig, mayMake = false): Answers {
  const { config } = loaded
  let instanceAnswered = false
  let opening: Promise<ApiOnStore | Error> | undefined
  let opened: ApiOnStore | undefined

  async function askStore<T>(path: string, body: unknown, method?: Method): Promise<Answer<T>> {
    opening ??= openStoreOf(loaded, mayMake)
    const api = await opening
    if (api instanceof Error) {
      const reason = api.message.replace(/\.$/, '')
      return {
        status: 'failed',
        message: `${reason}. If a telltale uses it, say where that listens with --url.`,
      }
    }
    opened = api
    return api.ask(path, body, method)
  }

  return {
    async ask<T>(path: string, body?: unknown, method?: Method): Promise<Answer<T>> {
      if (opening) return askStore(path, body, method)
      const answer = await ask<T>(config.url, path, { token: config.token, body, method })
      if (answer.status !== 'absent') {
        instanceAnswered = true
        return answer
      }
      if (instanceAnswered) return { status: 'failed', message: `${config.url} has stopped answering.` }
      if (!mayOpenStore(loaded, mayMake)) return { status: 'failed', message: nothingRuns(loaded) }
      return askStore(path, body, method)
    },
    readsStore: () => opened !== undefined,
    from: () => (opening ? placeOf(loaded) : config.url),
    close: async () => opened?.close(),
  }
}

async function openStoreOf(loaded: LoadedConfig, mayMake: boolean): Promise<ApiOnStore | Error> {
  complain(`nothing runs at ${loaded.config.url}; reading ${placeOf(loaded)} itself.`)
  // Here, not above: it loads the engine.
  const { openApiOnStore } = await import('./api-on-store.ts')
  return openApiOnStore(loaded.config, mayMake).catch((error: Error) => error)
}

const placeOf = ({ config }: LoadedConfig) => config.clickhouse.url ?? config.data

const mayOpenStore = ({ config, sources }: LoadedConfig, mayMake: boolean): boolean =>
  sources.url === 'default' &&
  (mayMake || config.clickhouse.url !== undefined || existsSync(join(config.data, 'store')))

const nothingRuns = ({ config, sources }: LoadedConfig) =>
  sources.url === 'default'
    ? `nothing runs at ${config.url}, and ${config.data} holds no store. Start one with \`telltale up\`, or say where it is with --url or --data.`
    : `nothing runs at ${config.url}. Start it with \`telltale up\`, or say where it is with --url or TELLTALE_URL.`
