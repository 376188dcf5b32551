import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import type { Answered } from '../../services/api/answered.ts'
import { buildApp } from '../../services/api/app.ts'
import type { Failure, Success } from '../../services/api/envelope.ts'
import { createLive } from '../../services/api/live/live.ts'
import type { Parts } from '../../services/api/parts.ts'
import type { Api } from '../../services/api/zod-provider.ts'
import { compileCatalogs } from '../../services/catalog/classify.ts'
import { loadCatalogs } from '../../services/catalog/load.ts'
import type { Client } from '../../services/store/client.ts'
import { type Embedded, openEmbedded } from '../../services/store/connect/embedded.ts'
import { migrate } from '../../services/store/migrate.ts'
import { soleWriter } from '../../services/store/turns/writers.ts'
import { nothingUnsettled } from '../../services/store/upkeep/unsettled.ts'
import { createUpkeep } from '../../services/store/upkeep/upkeep.ts'
import { loadPage } from '../../services/web/page.ts'
import { KEEP } from '../store/temp-store.ts'
import { accessOn } from './access.ts'
import { noteUndocumented } from './documented-answers.ts'

/** One line of what the app logged. */
interface Logged {
  level: 'warn' | 'error'
  fields: Record<string, unknown>
  message: string
}

export interface AppOnStore {
  app: Api
  /** A connection to put rows in by. */
  client: Client
  parts: Parts
  logged: Logged[]
  answered: Answered[]
  get<T>(url: string, headers?: Record<string, string>): Promise<Success<T> & { status: number }>
  fail(url: string, headers?: Record<string, string>): Promise<Failure & { status: number }>
}

/** The app over the real engine in a directory of its own, for all tests of a file. */
export function appOnStore(): AppOnStore {
  const directory = mkdtempSync(join(tmpdir(), 'telltale-api-'))
  mkdirSync(join(directory, 'journal'))
  const on = { logged: [] as Logged[], answered: [] as Answered[] } as AppOnStore
  let embedded: Embedded
  let reader: Client
  let undocumented: string[] = []

  beforeAll(async () => {
    embedded = await openEmbedded(directory, 'telltale', 1024 ** 3)
    on.client = await embedded.connect()
    await migrate(on.client)
    reader = await embedded.connect()
    const { catalogs } = await loadCatalogs([])
    const compiled = compileCatalogs(catalogs)
    const log = (level: Logged['level']) => (fields: object, message: string) =>
      void on.logged.push({ level, fields: { ...fields }, message })
    on.parts = {
      query: reader.query,
      catalogs: () => compiled,
      page: await loadPage(),
      ...(await accessOn(on.client)),
      newServer: createServer,
      corsOrigins: [],
      readiness: async () => ({ ok: true, checks: [{ name: 'store', ok: true }] }),
      live: createLive([], 5),
      spans: () => 7,
      metrics: async () => 'telltale_spans_total 7\n',
      answered: (answer) => void on.answered.push(answer),
      otlpUrl: () => 'http://127.0.0.1:4318',
      retention: { errors: 30, tenSeconds: 1, minutes: 30, hours: 396 },
      upkeep: createUpkeep({
        client: on.client,
        stream: embedded.stream,
        inTurn: soleWriter(on.client, directory).inTurn,
        retention: KEEP,
        unsettled: nothingUnsettled(KEEP),
        embedded: { data: directory, database: 'telltale' },
        incoming: async () => ({ between: { run: (work) => work() }, stored: async () => true }),
      }),
      version: '0.0.0-test',
      log: { warn: log('warn'), error: log('error') },
    }
    on.app = buildApp(on.parts)
    undocumented = noteUndocumented(on.app)
  })
  afterAll(async () => {
    await on.app.close()
    await reader.close()
    await on.client.close()
    await embedded.close()
    rmSync(directory, { recursive: true, force: true })
    expect(undocumented, 'answers that are not as /openapi.json says').toEqual([])
  })

  const ask = async (url: string, headers?: Record<string, string>) => {
    const response = await on.app.inject({ url, headers })
    return { ...response.json(), status: response.statusCode }
  }
  on.get = ask
  on.fail = ask
  return on
}
