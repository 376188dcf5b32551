import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Appended } from '../../contract/accepted.ts'
import type { Source } from '../../contract/source.ts'
import { FRAME_HEADER, MAX_FRAME } from './frame.ts'
import { createIdentity, type Identity, readIdentity } from './identity.ts'
import { type JournalOptions, type JournalStats, openJournal } from './journal.ts'
import { createLedger, type JournalLedger, openLedger } from './ledger.ts'
import { lockDirectory } from './lock.ts'
import { JournalProblem } from './problem.ts'
import { whatToDo } from './recover.ts'
import { listSegments, syncDirectory } from './segment.ts'

export interface InlineTransport {
  append(fingerprint: Buffer, record: Buffer): Promise<Appended>
  /** The largest record it takes. */
  recordBytes: number
  source: Source
  ledger: JournalLedger
  stats(): JournalStats
  /** Why nothing can be taken at the moment; null when it can. */
  problem(): Promise<string | null>
  close(): Promise<void>
}

/**
 * Opens the journal and the ledger in `directory`, which it makes if need be. Rejects with a JournalProblem, whose
 * message is for a person, when another process has it or when records that were acknowledged are not all there.
 */
export async function openInline(
  options: Omit<JournalOptions, 'identity' | 'position' | 'promised'>,
): Promise<InlineTransport> {
  const directory = resolve(options.directory)
  await makeDirectory(directory)
  const unlock = await lockDirectory(directory)
  const opened: (() => Promise<void>)[] = [unlock]
  const closeAll = async () => {
    for (let close = opened.pop(); close !== undefined; close = opened.pop()) await close()
  }
  try {
    const path = join(directory, 'position')
    const known = await readIdentity(directory)
    const found = known && (await openLedger(path, known.origin))
    if (found !== null) opened.push(() => found.close())
    const identity = found === null ? await identityWithoutPosition(directory, known) : known!

    const { position, intent } = found?.read() ?? { position: null, intent: null }
    const promised = intent?.end ?? null
    const journal = await openJournal({ ...options, directory, identity, position, promised })
    opened.push(() => journal.close())
    const { durableEnd, oldest } = journal
    if (found === null && durableEnd > oldest)
      throw new JournalProblem(
        'incomplete',
        `${path} is missing or damaged: nobody knows which of the records ${oldest} to ${durableEnd - 1} are stored. ` +
          whatToDo(directory, 'Restore it from a copy'),
      )
    if (intent !== null && intent.end > durableEnd)
      throw new JournalProblem(
        'incomplete',
        `The records ${durableEnd} to ${intent.end - 1} are missing from ${directory}: they were acknowledged, and ` +
          `may be stored or not. ${whatToDo(directory, 'Bring the missing files back')}`,
      )
    const ledger = found ?? (await createLedger(path, identity.origin, durableEnd))
    if (found === null) opened.push(() => ledger.close())

    let durable = ledger.read().position
    return {
      append: (fingerprint, record) => journal.append(fingerprint, record),
      recordBytes: MAX_FRAME - FRAME_HEADER,
      source: {
        origin: journal.origin,
        read: (from, maxBytes) => journal.read(from, maxBytes),
        wait: (from, signal) => journal.wait(from, signal),
        async release(offset) {
          // What is stored makes room at once, but what the ledger on disk still asks for must not be removed.
          if (journal.removes(offset) && (await ledger.flush().then(yes, no))) durable = offset
          await journal.release(offset, durable)
        },
      },
      ledger,
      stats: () => journal.stats(),
      problem: () => journal.problem(),
      close: closeAll,
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}

/** Makes a directory durable, with all the directories above it that had to be made. */
async function makeDirectory(directory: string): Promise<void> {
  const made = await mkdir(directory, { recursive: true })
  if (made === undefined) return
  const top = dirname(made)
  for (let parent = directory; parent !== top; ) {
    parent = dirname(parent)
    await syncDirectory(parent)
  }
}

const yes = () => true
const no = () => false

/** Which offsets were given out is forgotten: they begin anew, so under a new name, lest they be taken for the old. */
async function identityWithoutPosition(directory: string, known: Identity | null): Promise<Identity> {
  if ((await listSegments(directory)).length === 0) return createIdentity(directory)
  if (known !== null) return known
  throw new JournalProblem(
    'incomplete',
    `${join(directory, 'id')} is missing, but there are records. ${whatToDo(directory, 'Restore it from a copy')}`,
  )
}
