import type { Intent } from '../../contract/ledger.ts'
import { type Note, type Runs, readNote } from './note.ts'

/** What is known of a partition when somebody takes it over. */
export interface Found {
  topic: string
  partition: number
  /** Of the topic, in this life. */
  generation: string
  /** By the group; -1: nothing. */
  committed: { offset: number; metadata: string | null }
  /** The first offset that is there, and one past the last. */
  low: number
  high: number
  /** How far a consumer of this process had come, where there was one. */
  known: number | null
}

/** A range that the store has something of. */
export interface Stored {
  first: number
  end: number
}

export interface Takeover {
  origin: string
  generation: string
  position: number
  /** In the store perhaps, wholly or partly: to be delivered again before anything new. They follow each other. */
  ranges: Intent[]
  /** Which records of the first range were resends; null where nobody has written it down. */
  resends: Runs | null
  /** From where to read; what lies before the position only says what has come lately. */
  readFrom: number
  /** Records that are gone and were never stored. */
  gap: { first: number; end: number } | null
}

/** Before so many records nobody looks for what a client might send again. */
const RECENT_RECORDS = 20_000
/** Where no note says since when anything has come that can be known again. */
const RECENT_WITHOUT_NOTE = 2_000

/**
 * Where to go on. The note that came with the commit says it; where there is none (a reset by hand, a new group), or
 * one of another life of the topic, what the store holds says which ranges must not be counted anew.
 */
export async function planTakeover(
  found: Found,
  storedOf: (origin: string, from: number) => Promise<Stored[]>,
): Promise<Takeover> {
  const { committed, low, high, known } = found
  const note = readNote(committed.metadata, committed.offset)
  // What follows the dot is ours, see below.
  const isOurs = note !== null && note.generation.split('.')[0] === found.generation
  if (isOurs && committed.offset > high) {
    // The log has lost its end, and offsets are given out again: to other records, so under another name.
    const generation = `${found.generation}.${high}`
    return from({ ...found, generation }, { position: high, ranges: [], note: null, gap: null })
  }
  const generation = isOurs ? note.generation : found.generation
  const place = { ...found, generation }
  if (isOurs && committed.offset >= low) {
    const ranges = note.intent === null ? [] : [note.intent]
    return from(place, { position: committed.offset, ranges, note, gap: null })
  }
  // A commit without a note is a person's wish; one of another life of the topic means nothing in this one.
  const wished = isOurs ? low : note === null ? Math.min(committed.offset, high) : low
  const least = Math.max(wished, low)
  const stored = await storedOf(originOf(place), least)
  // A block is looked at whole; one whose first records are gone is left as the store has it.
  const cut = stored.find(({ first, end }) => first < least && least < end)
  const position = cut === undefined ? least : cut.first >= low ? cut.first : cut.end
  const end = stored.reduce((most, range) => Math.max(most, range.end), 0)
  const reached = isOurs ? committed.offset : (known ?? (committed.offset < 0 && end > 0 ? end : null))
  const gap = reached !== null && low > reached ? { first: reached, end: low } : null
  return from(place, { position, ranges: covering(position, stored), note: null, gap })
}

const originOf = ({ topic, partition, generation }: Found): string =>
  `kafka:${topic}:${partition}:${generation}`

function from(
  found: Found,
  at: { position: number; ranges: Intent[]; note: Note | null; gap: Takeover['gap'] },
): Takeover {
  const { position, ranges, note, gap } = at
  const { generation, low } = found
  const since = note === null ? position - RECENT_WITHOUT_NOTE : (note.recentFrom ?? position)
  const recent = Math.max(since, low, position - RECENT_RECORDS)
  return {
    origin: originOf(found),
    generation,
    position,
    ranges,
    resends: note?.intent ? note.resends : null,
    readFrom: Math.min(recent, position),
    gap,
  }
}

/** The ranges from `position` on without holes or overlaps: what lies between two blocks goes as one of its own. */
function covering(position: number, stored: Stored[]): Intent[] {
  const ranges: Intent[] = []
  let at = position
  for (const { first, end } of [...stored].sort((a, b) => a.first - b.first || a.end - b.end)) {
    if (end <= at) continue
    if (first > at) ranges.push({ first: at, end: first })
    ranges.push({ first: Math.max(first, at), end })
    at = end
  }
  return ranges
}
