import type { Readable } from 'node:stream'
import type { LoadedConfig } from '../../config.ts'
import { hasStore, nameOfStore } from '../../store-place.ts'
import { JournalProblem } from '../../transport/inline/problem.ts'
import { complain } from '../run.ts'
import type { Answer, Ask, Method } from './answer.ts'
import type { ApiOnStore } from './api-on-store.ts'
import { ask, askForFile } from './ask.ts'

/** Where a command's answers come from. */
export interface Answers {
  ask: Ask
  /** The bytes of a file that the API makes. */
  file(path: string): Promise<Answer<Readable>>
  /** Once something has answered: nobody runs, and the data is read by this process. */
  readsStore(): boolean
  /** The address, or the directory. */
  from(): string
  close(): Promise<void>
}

/** What is opened where nothing runs: the store that is there, or one that is made; or catalogs, which need no data. */
export type Needs = 'store' | 'new store' | 'catalogs'

/**
 * From a running instance; from the data directory, if none runs where one would by default. The first question
 * decides. The store has one owner, so it is not kept open longer than a command needs it.
 */
export function answersFor(loaded: LoadedConfig, needs: Needs = 'store'): Answers {
  const { config } = loaded
  let instanceAnswered = false
  let opening: Promise<ApiOnStore | Error> | undefined
  let opened: ApiOnStore | undefined

  async function ofStore<T>(question: (api: ApiOnStore) => Promise<Answer<T>>): Promise<Answer<T>> {
    opening ??= open(loaded, needs)
    const api = await opening
    if (api instanceof Error) {
      const reason = api.message.replace(/\.$/, '')
      const elsewhere = api instanceof JournalProblem && api.code === 'in_use'
      if (elsewhere)
        return {
          status: 'failed',
          message: `say where your telltale listens with --url or TELLTALE_URL: nothing answers at ${config.url}. ${reason}.`,
        }
      return {
        status: 'failed',
        message: `${reason}. If a telltale uses it, say where that listens with --url or TELLTALE_URL.`,
      }
    }
    opened = api
    return question(api)
  }

  async function ofEither<T>(
    ofInstance: () => Promise<Answer<T> | { status: 'absent' }>,
    question: (api: ApiOnStore) => Promise<Answer<T>>,
  ): Promise<Answer<T>> {
    if (opening) return ofStore(question)
    const answer = await ofInstance()
    if (answer.status !== 'absent') {
      instanceAnswered = true
      return answer
    }
    if (instanceAnswered) return { status: 'failed', message: `${config.url} has stopped answering.` }
    if (!mayOpen(loaded, needs)) return { status: 'failed', message: nothingRuns(loaded) }
    return ofStore(question)
  }

  return {
    ask: <T>(path: string, body?: unknown, method?: Method) =>
      ofEither<T>(
        () => ask(config.url, path, { token: config.token, body, method }),
        (api) => api.ask(path, body, method),
      ),
    file: (path) =>
      ofEither(
        () => askForFile(config.url, path, config.token),
        (api) => api.file(path),
      ),
    readsStore: () => opened !== undefined,
    from: () => (opening ? nameOfStore(loaded.config) : config.url),
    close: async () => opened?.close(),
  }
}

async function open(loaded: LoadedConfig, needs: Needs): Promise<ApiOnStore | Error> {
  const { config } = loaded
  if (needs !== 'catalogs') complain(`nothing runs at ${config.url}; reading ${nameOfStore(config)} itself.`)
  // Here, not above: it loads the engine.
  const { openApiOnCatalogs, openApiOnStore } = await import('./api-on-store.ts')
  const opening =
    needs === 'catalogs' ? openApiOnCatalogs(config) : openApiOnStore(config, needs === 'new store')
  return opening.catch((error: Error) => error)
}

const mayOpen = ({ config, sources }: LoadedConfig, needs: Needs): boolean =>
  sources.url === 'default' && (needs !== 'store' || hasStore(config))

const nothingRuns = ({ config, sources }: LoadedConfig) =>
  sources.url === 'default'
    ? `nothing runs at ${config.url}, and ${config.data} holds no store. Start one with \`telltale up\`, or say where it is with --url or --data.`
    : `nothing runs at ${config.url}. Start it with \`telltale up\`, or say where it is with --url or TELLTALE_URL.`
