import { z } from 'zod'
import type { Catalogs } from '../../catalog/classify.ts'
import { type Reply, replyTo } from '../../catalog/reply.ts'
import type { Catalog } from '../../catalog/schema.ts'
import { CLASSES, RETRIES, STANDINGS } from '../../contract/vocabulary.ts'
import { RETRY_ADVICE } from '../retry-advice.ts'
import { readBody } from './read-body.ts'
import { type Headers, headerOf, waitOf } from './wait.ts'

export const explanation = z.object({
  provider: z.string().nullable().describe('Null where it was not said and the code does not tell.'),
  code: z.string().nullable(),
  status: z.int().nullable(),
  message: z.string().nullable().describe('What the body says itself.'),
  request_id: z.string().nullable(),
  standing: z.enum(STANDINGS),
  retry: z.enum(RETRIES),
  retryable: z.boolean(),
  class: z.enum(CLASSES),
  meaning: z.string(),
  action: z.string(),
  retry_advice: z.string().describe('Whether to send it again, in a person’s words.'),
  wait_ms: z.int().nullable().describe('How long the answer asks to wait, by its headers.'),
  reply: z.string().describe('What to tell the customer.'),
  docs: z.string().nullable(),
  also: z
    .array(z.object({ provider: z.string(), meaning: z.string(), retry: z.enum(RETRIES) }))
    .describe('Other providers that document this code, where none was named.'),
})
export type Explained = z.output<typeof explanation>

/** An error at hand: as much of it as is known. */
export interface Asked {
  provider?: string
  code?: string
  status?: number
  headers?: Headers
  body?: unknown
}

const NO_STATUS = 0
/** Common headers that carry the request id. */
const ID_HEADERS = ['x-request-id', 'request-id', 'x-amzn-requestid', 'x-correlation-id']

/** What an error means, whether to send the call again and what to tell; nothing of it needs to be stored. */
export function explain(catalogs: Catalogs, asked: Asked, now: number): Explained {
  const { status = NO_STATUS, headers = {} } = asked
  const named = catalogs.list.find(({ provider }) => provider === asked.provider)
  const read = readBody(asked.body, named?.envelope)
  const code = asked.code ?? read.code ?? ''
  const knowing = named ? [] : catalogs.list.filter((catalog) => lists(catalog, code, status))
  const catalog = named ?? (knowing.length === 1 ? knowing[0] : undefined)
  const provider = catalog?.provider ?? ''

  const verdict = catalogs.verdict(provider, code, status, now)
  const entry = catalogs.explain(provider, code, status)
  return {
    provider: catalog?.provider ?? null,
    code: code === '' ? null : code,
    status: asked.status ?? null,
    message: read.message,
    request_id:
      ID_HEADERS.map((name) => headerOf(headers, name)).find((id) => id !== undefined) ?? read.requestId,
    ...verdict,
    ...(catalog === undefined && knowing.length > 0
      ? undecided(code, knowing)
      : replyTo({ entry, code, status, ...verdict, message: read.message ?? '' })),
    retry_advice: RETRY_ADVICE[verdict.retry],
    wait_ms: waitOf(headers, catalog?.limits ?? {}, now),
    docs: entry?.docs ?? null,
    also: knowing
      .filter((one) => one !== catalog)
      .map((one) => {
        const { meaning, retry } = catalogs.explain(one.provider, code)!
        return { provider: one.provider, meaning, retry }
      }),
  }
}

/** Of a code that several providers document, each in its own sense. */
const undecided = (code: string, knowing: Catalog[]): Reply => ({
  meaning: `Several APIs document the code ${code}: ${knowing.map(({ provider }) => provider).join(', ')}.`,
  action: 'Say which provider it came from.',
  reply: `The API answered with the code ${code}. What it means depends on which API that was.`,
})

/** Does the catalog document the code, for this status where there is one? */
const lists = ({ codes }: Catalog, code: string, status: number): boolean =>
  codes.some(
    (entry) =>
      entry.code === code && (status === NO_STATUS || entry.http.length === 0 || entry.http.includes(status)),
  )
