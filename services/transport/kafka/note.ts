import type { Intent } from '../../contract/ledger.ts'

// What travels with an offset commit: where a partition's consumer is, in at most 4096 characters (Kafka's default).

const NOTE_CHARACTERS = 4096

export interface Note {
  /** Which life of the topic the offsets belong to. */
  generation: string
  /** What was about to be inserted, from the committed offset on. */
  intent: Intent | null
  /** Which records of the intent were resends. */
  resends: Runs
  /** From where on to read to know what has come lately; null where nothing that can be known again has. */
  recentFrom: number | null
}

/** First offset and length of each run. */
export type Runs = readonly (readonly [first: number, length: number])[]

export function writeNote({ generation, intent, resends, recentFrom }: Note): string {
  const first = intent?.first ?? 0
  const text = JSON.stringify({
    v: 1,
    g: generation,
    ...(intent === null ? {} : { e: intent.end, s: intent.shape }),
    ...(resends.length === 0
      ? {}
      : { r: resends.map(([at, length]) => `${(at - first).toString(36)}.${length.toString(36)}`).join() }),
    ...(recentFrom === null ? {} : { h: recentFrom }),
  })
  if (text.length > NOTE_CHARACTERS)
    throw new RangeError(`${text.length} characters are too much for a commit`)
  return text
}

/** Null for what is no note of ours: a reset by hand leaves none, and other programs leave theirs. */
export function readNote(text: string | null | undefined, offset: number): Note | null {
  if (!text?.startsWith('{"v":1,')) return null
  const { g, e, s, r, h } = JSON.parse(text) as {
    g: string
    e?: number
    s?: Intent['shape']
    r?: string
    h?: number
  }
  return {
    generation: g,
    intent: e === undefined ? null : { first: offset, end: e, shape: s },
    resends: (r ?? '').split(',').flatMap((run) => {
      if (run === '') return []
      const [at, length] = run.split('.')
      return [[offset + Number.parseInt(at!, 36), Number.parseInt(length!, 36)] as const]
    }),
    recentFrom: h ?? null,
  }
}
