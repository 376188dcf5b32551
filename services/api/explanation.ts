import { z } from 'zod'
import type { Catalogs } from '../catalog/classify.ts'
import { type Reply, replyTo } from '../catalog/reply.ts'
import type { Catalog } from '../catalog/schema.ts'
import { CLASSES, RETRIES, STANDINGS } from '../contract/vocabulary.ts'
import { type ReadError, readError } from '../instrumentation/read-error.ts'
import { retryAdviceOf } from './retry-advice.ts'

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
  wait_ms: z.int().nullable().describe('How long the answer asks to wait, by its headers or its body.'),
  should_retry: z.boolean().nullable().describe('What the answer itself says about sending it again.'),
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
  headers?: Record<string, string | string[]>
  body?: unknown
}

const NO_STATUS = 0
/** What is to be explained is an error, also where its status was not said. */
const SOME_FAILURE = 400

/** What an error means, whether to send the call again and what to tell; nothing of it needs to be stored. */
export function explain(catalogs: Catalogs, asked: Asked, now: number): Explained {
  const { status = NO_STATUS, headers, body } = asked
  const named = catalogs.list.find(({ provider }) => provider === asked.provider)
  const read = readError({ status: asked.status ?? SOME_FAILURE, headers, body }, { ...named, now })
  const code = asked.code ?? read?.code ?? ''
  const knowing = named ? [] : catalogs.list.filter((catalog) => lists(catalog, code, status))
  const catalog = named ?? (knowing.length === 1 ? knowing[0] : undefined)
  const provider = catalog?.provider ?? ''

  const verdict = catalogs.verdict(provider, code, status, now)
  const entry = catalogs.explain(provider, code, status)
  const retryAfterMs = read?.retryAfterMs ?? null
  return {
    provider: catalog?.provider ?? null,
    code: code === '' ? null : code,
    status: asked.status ?? null,
    message: read?.message ?? null,
    request_id: read?.requestId ?? null,
    ...verdict,
    ...(catalog === undefined && knowing.length > 0
      ? undecided(code, knowing)
      : replyTo({
          entry,
          hasCatalog: true,
          code,
          status,
          ...verdict,
          message: read?.message ?? '',
          retryAfterMs,
        })),
    retry_advice: retryAdviceOf({ ...verdict, retryAfterMs }),
    wait_ms: read && waitOf(read),
    should_retry: read?.shouldRetry ?? null,
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

/** As long as it asks for, or until the limits that may be used up are reset. */
function waitOf({ retryAfterMs, rateLimits }: ReadError): number | null {
  if (retryAfterMs !== null) return retryAfterMs
  const resets = rateLimits.flatMap(({ remaining, resetMs }) =>
    resetMs === null || (remaining ?? 0) > 0 ? [] : [resetMs],
  )
  return resets.length > 0 ? Math.max(...resets) : null
}

/** Does the catalog document the code, for this status where there is one? */
const lists = ({ codes }: Catalog, code: string, status: number): boolean =>
  codes.some(
    (entry) =>
      entry.code === code && (status === NO_STATUS || entry.http.length === 0 || entry.http.includes(status)),
  )
