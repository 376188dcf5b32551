import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Why the store cannot be opened, in words for a person. */
export class StoreProblem extends Error {
  readonly code:
    | 'store_locked'
    | 'store_unusable'
    | 'engine_missing'
    | 'schema_newer'
    | 'server_too_old'
    | 'server_refuses'
    | 'servers_differ'

  constructor(code: StoreProblem['code'], message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'StoreProblem'
    this.code = code
  }
}

/** ClickHouse's number of an error, whichever way it came; empty when it is none of ClickHouse's. */
export function errorCodeOf(error: unknown): string {
  const { code, clickhouseCode } = (error ?? {}) as { code?: unknown; clickhouseCode?: unknown }
  const found = clickhouseCode ?? code
  return /^\d+$/.test(String(found)) ? String(found) : ''
}

/**
 * What the engine will say of the same bytes for ever: they are not the block they claim to be, or do not fit the
 * table. Everything else (memory, disk, too many parts, a table missing, the network) may be better next time.
 */
const FOR_GOOD = new Set([
  '6', // CANNOT_PARSE_TEXT
  '9', // SIZES_OF_COLUMNS_DOESNT_MATCH
  '20', // NUMBER_OF_COLUMNS_DOESNT_MATCH
  '32', // ATTEMPT_TO_READ_AFTER_EOF
  '33', // CANNOT_READ_ALL_DATA
  '44', // ILLEGAL_COLUMN
  '50', // UNKNOWN_TYPE
  '53', // TYPE_MISMATCH
  '62', // SYNTAX_ERROR
  '70', // CANNOT_CONVERT_TYPE
  '117', // INCORRECT_DATA
  '128', // TOO_LARGE_ARRAY_SIZE
  '131', // TOO_LARGE_STRING_SIZE
])
export const isRefusedForGood = (error: unknown): boolean => FOR_GOOD.has(errorCodeOf(error))

/**
 * A directory that the engine does not open. It gives its reason on stderr only; who owns the directory stands in a
 * file that every owner writes.
 */
export function storeProblem(error: unknown, path: string): StoreProblem {
  const owner = ownerOf(path)
  return owner === null
    ? new StoreProblem('store_unusable', `the engine cannot open ${path}; its own words are above`, error)
    : new StoreProblem(
        'store_locked',
        `another process (${owner}) has ${path} open; stop it, or give this one a directory of its own`,
        error,
      )
}

/** The living process that wrote its number into the directory's lock file. */
function ownerOf(path: string): number | null {
  try {
    const [, pid] = /^PID: (\d+)$/m.exec(readFileSync(join(path, 'status'), 'utf8')) ?? []
    if (pid === undefined || Number(pid) === process.pid) return null
    return isAlive(Number(pid)) ? Number(pid) : null
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
