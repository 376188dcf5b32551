import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.ts'

// Without the address of a server, the store is embedded: in the data directory, and this process's alone.

type Place = Pick<Config, 'data' | 'clickhouse'>

/** Where the embedded store is; null where a server is the store. */
export const embeddedStore = ({ data, clickhouse }: Place) =>
  clickhouse.url === undefined ? { data, database: clickhouse.database } : null

/** For people. */
export const nameOfStore = ({ data, clickhouse }: Place): string => clickhouse.url ?? data

/** Is there one? Asking makes none; a server is taken to be there. */
export const hasStore = (place: Place): boolean =>
  embeddedStore(place) === null || existsSync(join(place.data, 'store'))

/** What the data directory is for, which decides what it may be called. */
export const useOfData = (place: Place): 'engine' | 'journal' =>
  embeddedStore(place) === null ? 'journal' : 'engine'
