import { DiskFull } from '../connect/disk-room.ts'

/** Of a full disk: the same, and what had been done by then. */
export const withAccount = (error: unknown, account: string): unknown =>
  error instanceof DiskFull ? new DiskFull(`${error.message} ${account}`) : error

export const daysText = (days: string[]): string => days.join(', ') || 'no day'
