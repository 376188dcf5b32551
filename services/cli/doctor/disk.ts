import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Config } from '../../config.ts'
import { freeBytes, makeDataDirectory } from '../../data-directory.ts'
import { useOfData } from '../../store-place.ts'
import { startProblem } from '../start-problem.ts'
import { byteCount } from '../text/numbers.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

/** Merges write a part anew before they remove the old ones. */
const ROOM_TO_MERGE = 1024 ** 3

export async function checkDisk(config: Config): Promise<Finding[]> {
  const { data, limits } = config
  try {
    // Looking makes no directory that is not there.
    if (existsSync(data)) await makeDataDirectory(data, useOfData(config))
  } catch (error) {
    return [
      fail(
        'disk',
        startProblem(error, config),
        'Make it writable for this user, or give another with --data.',
      ),
    ]
  }
  const free = await freeBytes(nearest(resolve(data)))
  const found = `${byteCount(free)} free for ${data}`
  const reserve = limits.diskReserveBytes ?? 0
  if (free <= reserve)
    return [
      fail(
        'disk',
        `${found}, and limits.disk_reserve_bytes leaves ${byteCount(reserve)} of it to the store: no spans are taken`,
        'Make room, or set a smaller limits.disk_reserve_bytes.',
      ),
    ]
  const wanted = Math.max(limits.journalBytes, reserve) + ROOM_TO_MERGE
  if (free >= wanted) return [ok('disk', found)]
  const advice = `Make room, or set retention.disk_bytes or a smaller limits.journal_bytes (${byteCount(limits.journalBytes)}): ${byteCount(wanted)} should be free. When the disk is full, spans are refused with 503 and nothing is lost.`
  return [free < ROOM_TO_MERGE / 4 ? fail('disk', found, advice) : warn('disk', found, advice)]
}

/** The directory itself, or the first above it that is there. */
const nearest = (path: string): string =>
  existsSync(path) || dirname(path) === path ? path : nearest(dirname(path))
