import type { Retry } from '../../contract/vocabulary.ts'

// The neutral structure between readers and the merge: who says what about a code or a status, and where it stands.

/** How a source speaks of sending again: a word, or only "yes", whose manner status and words must tell. */
export type Said = Retry | 'yes' | 'conditional'

/** Why a source's word on retry counts, the strongest first: see judge-retry.ts. */
export type Basis = 'column' | 'named' | 'text' | 'category' | 'scope' | 'status' | 'implied'

export interface StatedRetry {
  said: Said
  basis: Basis
}

export interface CodeStatement {
  about: 'code'
  line: number
  code: string
  http: number[]
  /** Its statuses are those of all around it, for want of its own. */
  inherits?: boolean
  meaning: string
  action: string
  retry: StatedRetry | null
  /** `type`: a family of errors; counts only on pages that have no codes proper. `mention`: named in passing. */
  from: 'definition' | 'type' | 'example' | 'mention'
  /** What stands around an example or a mention: its caption, the sentence. */
  context: string
}

export interface StatusStatement {
  about: 'status'
  line: number
  /** 429, or 5 for 5xx. */
  statuses: number[]
  /** The word in brackets: 401 (expired). */
  qualifier: string
  /** "Every 429": also where it means something unusual. */
  ofEvery?: boolean
  meaning: string
  action: string
  retry: StatedRetry | null
}

/** A word on codes that are defined elsewhere on the page. */
export interface RetryStatement {
  about: 'retry'
  line: number
  codes: string[]
  retry: StatedRetry
  action: string
}

export type Statement = CodeStatement | StatusStatement | RetryStatement

/** Something that looked like a code and was not taken. */
export interface Note {
  line: number
  text: string
  why: string
}

export interface Read {
  statements: Statement[]
  notes: Note[]
}
