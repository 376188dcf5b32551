import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { OWNERS_GUARD } from '../../access/guard.ts'
import { openTokens, type Tokens } from '../../access/tokens.ts'
import { buildApp } from '../../api/app.ts'
import { createLive } from '../../api/live/live.ts'
import type { Api } from '../../api/zod-provider.ts'
import { compileCatalogs } from '../../catalog/classify.ts'
import { loadCatalogs } from '../../catalog/load.ts'
import { problemText } from '../../catalog/problem-text.ts'
import type { Config } from '../../config.ts'
import { createServer } from '../../contract/node-http.ts'
import { VERSION } from '../../contract/version.ts'
import { makeDataDirectory } from '../../data-directory.ts'
import { migrate, pendingMigrations } from '../../store/migrate.ts'
import type { Query } from '../../store/queries/query.ts'
import type { Upkeep } from '../../store/upkeep/upkeep.ts'
import { embeddedStore, nameOfStore, useOfData } from '../../store-place.ts'
import { loadPage } from '../../web/page.ts'
import { complain } from '../run.ts'
import { type Answer, type Ask, readAnswer } from './answer.ts'
import { openAlone } from './open-alone.ts'
import { upkeepAtRest } from './upkeep-at-rest.ts'

/** The API over the data itself. */
export interface ApiOnStore {
  ask: Ask
  /** The bytes of a file that the API makes. */
  file(path: string): Promise<Answer<Readable>>
  close(): Promise<void>
}

/**
 * The same API that an instance serves, in this process and without listening: one path, one answer, whoever gives it.
 * What a crash left in the journal is not in the store yet. `mayMake`: also where there is no store yet. Rejects with
 * words for a person.
 */
export async function openApiOnStore(config: Config, mayMake: boolean): Promise<ApiOnStore> {
  const closing: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (let one = closing.pop(); one !== undefined; one = closing.pop()) await one()
  }
  try {
    if (mayMake && embeddedStore(config) !== null) await makeDataDirectory(config.data, useOfData(config))
    const store = await openAlone(config)
    closing.push(() => store.close())
    if (mayMake) await migrate(store.writer)
    else if ((await pendingMigrations(store.writer)).length > 0)
      throw new Error(
        `the store in ${nameOfStore(config)} is of an earlier version; bring it up with \`telltale migrate\``,
      )
    const tokens = await openTokens({
      query: store.reader.query,
      command: store.writer.command,
      notice: (message) => complain(message),
    })
    closing.push(() => tokens.close())
    const app = await appOn(config, store.reader.query, tokens, upkeepAtRest(config, store, closing))
    closing.push(() => app.close())
    return { ask: askOf(app), file: fileOf(app), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** As much of it as needs no data: what the catalogs say. */
export async function openApiOnCatalogs(config: Config): Promise<ApiOnStore> {
  const nothing = { query: async () => [], command: async () => {}, notice: complain }
  const tokens = await openTokens(nothing)
  const app = await appOn(config, nothing.query, tokens, {
    export: async () => null,
    erase: async () => null,
    reclassify: async () => null,
    backUp: async () => null,
  })
  return {
    ask: askOf(app),
    file: fileOf(app),
    close: async () => {
      await app.close()
      await tokens.close()
    },
  }
}

const askOf =
  (app: Api): ApiOnStore['ask'] =>
  async (path, body, method = body === undefined ? 'GET' : 'POST') => {
    const payload = body === undefined ? undefined : JSON.stringify(body)
    const headers = { accept: 'application/json', ...(payload && { 'content-type': 'application/json' }) }
    const response = await app.inject({ method, url: path, headers, payload })
    return readAnswer(response.body, response.statusCode, 'the store')
  }

const fileOf =
  (app: Api): ApiOnStore['file'] =>
  async (path) => {
    const response = await app.inject({ url: path, payloadAsStream: true })
    if (response.statusCode !== 200)
      return readAnswer(await text(response.stream()), response.statusCode, 'the store')
    return { status: 'answered', data: response.stream(), meta: {} }
  }

async function appOn(config: Config, query: Query, tokens: Tokens, upkeep: Upkeep): Promise<Api> {
  const { catalogs, problems } = await loadCatalogs(config.catalogs)
  for (const problem of problems) complain(`${problemText(problem)}; this catalog is left out.`)
  const compiled = compileCatalogs(catalogs)
  const say = ({ err }: { err?: Error }, message: string) =>
    complain(err === undefined ? message : `${message}: ${err.message}`)
  return buildApp({
    query,
    catalogs: () => compiled,
    page: await loadPage(),
    readiness: async () => ({ ok: true, checks: [] }),
    metrics: async () => '',
    answered: () => {},
    live: createLive([]),
    spans: () => 0,
    otlpUrl: () => '',
    retention: config.retention,
    guard: OWNERS_GUARD,
    newServer: createServer,
    corsOrigins: [],
    tokens,
    upkeep,
    version: VERSION,
    log: { warn: say, error: say },
  })
}
