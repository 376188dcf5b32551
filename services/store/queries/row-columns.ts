import { z } from 'zod'
import { CLASSES, KINDS, RETRIES, SIDES, STANDINGS } from '../../contract/vocabulary.ts'

// Rows as they leave the store: ids in hex, times in RFC 3339.

const time = z
  .string()
  .transform((text) => `${text.replace(' ', 'T')}Z`)
  .pipe(z.string())
const hex = z.string().toLowerCase()

/** What an error and a resend that succeeded have in common, as the store has it. */
export const shared = {
  ts: time,
  provider: z.string(),
  status: z.number(),
  side: z.enum(SIDES),
  service: z.string(),
  service_version: z.string(),
  environment: z.string(),
  route: z.string(),
  method: z.string(),
  server_address: z.string(),
  request_id: z.string(),
  other_request_ids: z
    .string()
    .transform((lines) => (lines === '' ? [] : lines.split('\n')))
    .pipe(z.array(z.string())),
  trace_id: hex,
  span_id: hex,
  parent_span_id: hex,
  call_id: z.string(),
  attempt: z.number(),
  consumer: z.string(),
  sdk: z.string(),
  duration_ms: z
    .number()
    .transform((ms) => Math.round(ms * 1000) / 1000)
    .pipe(z.number()),
}
/** What only an error has. */
export const failed = {
  code: z.string(),
  retry: z.enum(RETRIES),
  retryable: z.boolean(),
  standing: z.enum(STANDINGS),
  class: z.enum(CLASSES),
  kind: z.enum(KINDS),
  retry_after_ms: z.number().nullable(),
  message: z.string(),
}

// Bare columns: planning expressions over so many takes the engine longer than reading them.
export const select = (names: string[]) =>
  names
    .map((name) =>
      name.endsWith('_id') && /^(trace|(parent_)?span)/.test(name)
        ? `hex(t.${name}) AS ${name}`
        : `t.${name}`,
    )
    .join(', ')
