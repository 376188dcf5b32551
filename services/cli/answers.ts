import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { LoadedConfig } from '../config.ts'
import type { Answer } from './answer.ts'
import type { ApiOnStore } from './api-on-store.ts'
import { ask } from './ask.ts'
import { complain } from './run.ts'

/** Where a command's answers come from. */
export interface Answers {
  /** A path of the API, posted when it has a body. Never answers `absent`. */
  ask<T>(path: string, body?: unknown): Promise<Answer<T>>
  /** Once something has answered: nobody runs, and the data is read by this process. */
  readsStore(): boolean
  /** The address, or the directory. */
  from(): string
  close(): Promise<void>
}

/**
 * From a running instance; from the data directory, if none runs where one would by default. The first question
 * decides. The store has one owner, so it is not kept open longer than a command needs it.
 */
export function answersFor(loaded: LoadedConfig): Answers {
  const { config } = loaded
  let decided: 'instance' | ApiOnStore | undefined

  return {
    async ask<T>(path: string, body?: unknown): Promise<Answer<T>> {
      if (typeof decided === 'object') return decided.ask(path, body)
      const answer = await ask<T>(config.url, path, { token: config.token, body })
      if (answer.status !== 'absent') {
        decided ??= 'instance'
        return answer
      }
      if (decided === 'instance') return { status: 'failed', message: `${config.url} has stopped answering.` }
      if (!mayOpenStore(loaded)) return { status: 'failed', message: nothingRuns(loaded) }

      complain(`nothing runs at ${config.url}; reading ${placeOf(loaded)} itself.`)
      // Here, not above: it loads the engine.
      const { openApiOnStore } = await import('./api-on-store.ts')
      const opened = await openApiOnStore(config).catch((error: Error) => error)
      if (opened instanceof Error) {
        const message = `${withoutStop(opened.message)}. If a telltale uses it, say where that listens with --url.`
        return { status: 'failed', message }
      }
      decided = opened
      return opened.ask(path, body)
    },
    readsStore: () => typeof decided === 'object',
    from: () => (typeof decided === 'object' ? placeOf(loaded) : config.url),
    close: async () => {
      if (typeof decided === 'object') await decided.close()
    },
  }
}

const placeOf = ({ config }: LoadedConfig) => config.clickhouse.url ?? config.data
const withoutStop = (sentence: string) => sentence.replace(/\.$/, '')

const mayOpenStore = ({ config, sources }: LoadedConfig): boolean =>
  sources.url === 'default' && (config.clickhouse.url !== undefined || existsSync(join(config.data, 'store')))

const nothingRuns = ({ config, sources }: LoadedConfig) =>
  sources.url === 'default'
    ? `nothing runs at ${config.url}, and ${config.data} holds no store. Start one with \`telltale up\`, or say where it is with --url or --data.`
    : `nothing runs at ${config.url}. Start it with \`telltale up\`, or say where it is with --url or TELLTALE_URL.`
