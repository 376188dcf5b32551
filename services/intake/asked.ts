import type { IncomingHttpHeaders } from 'node:http'
import type { Body } from './body.ts'
import type { Hold } from './memory.ts'

/** A request of which the head is known, whoever reads it. */
export interface Asked {
  method: string | undefined
  url: string | undefined
  headers: IncomingHttpHeaders
  /** Of the other end. */
  address: string
  /** The size of the body; undefined where it comes in chunks. */
  announced: number | undefined
  /** Gathers the body, at most `limit` bytes of it. */
  body(limit: number, hold: Hold): Promise<Body>
  /** Is nobody there any more? */
  isGone(): boolean
}
