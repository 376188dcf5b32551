import type { Notice } from '../../contract/notice.ts'
import { type Client, pooled, type StreamRows } from '../client.ts'
import { sharedWriters } from '../turns/shared-writers.ts'
import { soleWriter, type Writers } from '../turns/writers.ts'
import { boundedQuery } from './bounded.ts'
import { openEmbedded } from './embedded.ts'
import { connectRemote } from './remote.ts'

export interface StoreOptions {
  /** The embedded store's directory; used where there is no url. */
  data: string
  memoryBytes: number
  clickhouse: { url?: string; ca?: string; database: string; user: string; password: string }
}

export interface Store {
  /** Inserts, migrations, retention. */
  writer: Client
  /** Questions, several at a time and with limits, none of which waits for an insert. */
  reader: Pick<Client, 'query'>
  stream: StreamRows
  /** Who inserts and who moves rows, of this process and of others. */
  writers: Writers
  close(): Promise<void>
}

/** Slow questions must not make the quick ones wait; more than two cores can answer at once would only share them. */
const READERS = 4
/** A page asks a handful at a time, so this is a dozen people at the same moment; beyond, none of them is served. */
const BOUNDS = { atOnce: READERS, waiting: 100, waitMs: 5_000 }

export async function openStore(
  { data, memoryBytes, clickhouse }: StoreOptions,
  notice?: Notice,
): Promise<Store> {
  if (clickhouse.url !== undefined) {
    const client = await connectRemote({ ...clickhouse, url: clickhouse.url })
    return {
      writer: client,
      reader: { query: boundedQuery(client.query, BOUNDS) },
      stream: client.stream,
      writers: sharedWriters(client),
      close: () => client.close(),
    }
  }
  const engine = await openEmbedded(data, clickhouse.database, memoryBytes, notice)
  const writer = await engine.connect()
  const readers = await Promise.all(Array.from({ length: READERS }, () => engine.connect('reads')))
  return {
    writer,
    reader: { query: boundedQuery(pooled(readers).query, BOUNDS) },
    stream: engine.stream,
    writers: soleWriter(writer, data),
    async close() {
      await Promise.all([writer, ...readers].map((client) => client.close()))
      await engine.close()
    },
  }
}
