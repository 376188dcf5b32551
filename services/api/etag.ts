import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** By content; weak, for two answers with the same data differ in their request id. */
export const etagOf = (content: string): string =>
  `W/"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`

/**
 * Lets who asked keep the answer and ask whether it still holds: true when theirs does, and 304 is all they need. Kept by
 * nobody in between, for it may be another's business.
 */
export function isKnown(request: FastifyRequest, reply: FastifyReply, etag: string): boolean {
  reply.header('cache-control', 'private, no-cache').header('etag', etag)
  const known = request.headers['if-none-match']?.split(',').map((one) => bare(one.trim())) ?? []
  return known.includes('*') || known.includes(bare(etag))
}

const bare = (etag: string): string => etag.replace(/^W\//, '')
