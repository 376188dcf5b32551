import { open } from 'node:fs/promises'
import type { Notice } from '../../contract/notice.ts'
import { fingerprintAt, frameArrival, frameOffset, wasDurable } from './frame.ts'
import { JournalProblem } from './problem.ts'
import type { Seen } from './seen.ts'
import { listSegments, newSegment, readFully, type Segment, scanFile, segmentPath } from './segment.ts'

export interface Recovered {
  segments: Segment[]
  /** The offset that the next record gets. */
  end: number
  /** Bytes cut off because their write never finished. */
  cutBytes: number
}

/**
 * Reads every segment there is and finds out what the journal holds. Everything it returns is durable: what a killed
 * process had written but not synced yet is synced here, before anybody is told that it is a duplicate.
 *
 * The name of a segment counts for more than the end of the one before it: after a failed write the journal goes on
 * in a new segment, so frames of the old one with the new one's offsets were answered "retry" and are dropped.
 */
export async function recover(from: {
  directory: string
  seed: number
  /** Everything below is stored for good, so it may be missing or damaged. Null: nobody knows. */
  position: number | null
  /** Everything below was durable once; null: nobody knows. */
  promised: number | null
  seen: Seen
  notice: Notice
}): Promise<Recovered> {
  const { directory, seed, promised, seen, notice } = from
  const position = from.position ?? 0
  const firsts = await listSegments(directory)
  if (firsts.length > 0 && from.position !== null && firsts[0] > position)
    throw new JournalProblem(
      'incomplete',
      `The records ${position} to ${firsts[0] - 1} are missing from ${directory}: the oldest file there is ` +
        `${segmentPath(directory, firsts[0])}. ${whatToDo(directory, 'Bring the missing files back')}`,
    )

  const segments: Segment[] = []
  let cutBytes = 0
  for (const [index, first] of firsts.entries()) {
    const next = firsts[index + 1] as number | undefined
    const segment = newSegment(segmentPath(directory, first), first)
    const handle = await open(segment.path, 'r+')
    try {
      const { size } = await handle.stat()
      let end = 0
      const scan = await scanFile(handle, size, first, seed, (bytes, at, byte, frameSize) => {
        const offset = frameOffset(bytes, at)
        if (next !== undefined && offset >= next) return
        seen.addAt(bytes, fingerprintAt(at))
        segment.marks.note(offset, byte, frameArrival(bytes, at))
        segment.end = offset + 1
        end = byte + frameSize
      })
      segment.length = end
      const details = { file: segment.path, byte: end, bytes: size - end, offset: segment.end }

      if (next !== undefined && segment.end < next && next > position) throw damaged(directory, segment, next)
      if (next !== undefined && segment.end < next)
        notice('a released part of the journal is damaged', details)
      if (next === undefined && scan.at < size) {
        const tail = Buffer.allocUnsafe(size - scan.at)
        const filled = await readFully(handle, tail, tail.length, scan.at)
        const lost = promised !== null && segment.end < promised ? promised : undefined
        if (lost !== undefined || wasDurable(tail, 0, filled, scan.offset, seed))
          throw damaged(directory, segment, lost)
      }
      if (segment.length < size && segment.end >= (next ?? 0)) {
        notice('cut off an unfinished write at the end of a journal file', details)
        cutBytes += size - end
        await handle.truncate(end)
        await handle.sync()
      }
      if (next === undefined) await handle.sync()
    } finally {
      await handle.close()
    }
    segments.push(segment)
  }

  let end = segments.at(-1)?.end ?? position
  if (end < position) {
    notice('the journal ends before the position that was reached; going on from the position', {
      end,
      position,
    })
    end = position
  }
  return { segments, end, cutBytes }
}

function damaged(
  directory: string,
  { path, length, end }: Segment,
  next: number | undefined,
): JournalProblem {
  const records = next === undefined ? `records from ${end} on` : `records ${end} to ${next - 1}`
  return new JournalProblem(
    'damaged',
    `${path} is damaged at byte ${length}: ${records} were acknowledged, are not stored yet and cannot be read. ` +
      whatToDo(directory, 'Restore the file from a copy'),
  )
}

export const whatToDo = (directory: string, first: string): string =>
  `${first}; or, to go on without what is not stored yet, move ${directory} away: a new journal is begun then, which ` +
  'does not know what clients send again.'
