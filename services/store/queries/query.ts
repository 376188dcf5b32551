/** Asks the store: bound parameters only, rows as objects by column name. */
export type Query = (sql: string, params?: Record<string, unknown>) => Promise<Record<string, unknown>[]>

/** How a time is bound: as text, for the drivers cut `Date`s to seconds. */
export const timeParam = (time: Date): string => time.toISOString().slice(0, 23).replace('T', ' ')

/** The code of the error for a question that was never asked, because too many wait already. */
export const STORE_BUSY = 'store_busy'

/** `code` of the error of work that needs more room than the disk has; its message says how much. */
export const DISK_FULL = 'disk_full'
