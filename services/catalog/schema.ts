import { z } from 'zod'
import { CLASSES, RETRIES } from '../contract/vocabulary.ts'

// One catalog: what one publisher's error codes mean and whether a client may send the call again.
// Unknown keys are mistakes, not extensions: a misspelt `rety:` must not silently become "unknown".

/**
 * How sure we are of a retry word. `stated`: the publisher says whether to retry, in a column, a sentence, or an
 * action that only a person can take ("contact support"). `derived`: concluded from the status and the meaning.
 */
const retryIs = z.enum(['stated', 'derived'])
const words = z.string().trim().min(1)
const jsonPointer = z.string().regex(/^(?:\/(?:[^~/]|~[01])*)+$/, 'not a JSON pointer (like /error/code)')
const header = z
  .string()
  .regex(/^[A-Za-z0-9-]+$/, 'not a header name')
  .toLowerCase()
const webAddress = z.url({ protocol: /^https?$/, error: 'not a web address (https://…)' })

const host = z
  .string()
  .toLowerCase()
  .regex(
    /^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/,
    'not a host name, optionally with a leading *. (no scheme, port or path)',
  )

const deprecation = z
  .strictObject({
    on: z.iso.date(),
    until: z.iso.date().optional(),
    instead: words.optional(),
  })
  .refine(({ on, until }) => until === undefined || until > on, {
    path: ['until'],
    error: '`until` must be after `on`',
  })

const codeEntry = z.strictObject({
  /** As sent, case included. Publishers with numeric codes quote them: YAML would read 0404 as 404. */
  code: z
    .string({ error: 'a code is text (put a numeric code in quotes)' })
    .max(256)
    .regex(/^\S(?:.*\S)?$/, 'a code is one line without space around it'),
  /** Every status the publisher promises for it; empty where it does not say. */
  http: z.array(z.int().min(100).max(599)).default([]),
  retry: z.enum(RETRIES).optional(),
  retry_is: retryIs.optional(),
  class: z.enum(CLASSES).optional(),
  meaning: words.optional(),
  action: words.optional(),
  /** A date or a version, as the publisher counts. */
  since: words.optional(),
  deprecated: deprecation.optional(),
})
export type CodeEntry = z.infer<typeof codeEntry>

/** What holds for every error of a status that has no entry of its own. */
const statusRule = z.strictObject({
  retry: z.enum(RETRIES),
  retry_is: retryIs.default('stated'),
  class: z.enum(CLASSES).optional(),
  meaning: words.optional(),
  action: words.optional(),
})
export type StatusRule = z.infer<typeof statusRule>

/** Whose spans the catalog is for. */
export const matchSchema = z.strictObject({
  hosts: z.array(host).default([]),
  services: z.array(words).default([]),
})

export const catalogSchema = z.strictObject({
  provider: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, 'lower-case letters, digits and inner hyphens only'),
  title: words.optional(),
  /** Shown as a link, so nothing but a web address. */
  docs: webAddress.optional(),
  match: matchSchema.prefault({}),
  /** Where the body of an error holds what. Left out where the publisher does not show it. */
  envelope: z
    .strictObject({
      code: jsonPointer.optional(),
      message: jsonPointer.optional(),
      request_id: jsonPointer.optional(),
      details: jsonPointer.optional(),
    })
    .prefault({}),
  limits: z
    .strictObject({
      limit: header.optional(),
      remaining: header.optional(),
      reset: header.optional(),
      /** seconds = from now; unix_s, unix_ms = a point in time; date = an HTTP or ISO date. */
      reset_is: z.enum(['seconds', 'unix_s', 'unix_ms', 'date']).optional(),
    })
    .prefault({}),
  /** By single status (`429`) or by hundreds (`5xx`); the single status wins over its hundred. */
  statuses: z
    .record(
      z.string().regex(/^[1-5](?:\d\d|xx)$/, 'a status is a number like 429 or a hundred like 5xx'),
      statusRule,
    )
    .default({}),
  codes: z.array(codeEntry).superRefine((codes, context) => {
    const seen = new Set<string>()
    codes.forEach(({ code }, index) => {
      if (seen.has(code)) {
        context.addIssue({
          code: 'custom',
          path: [index, 'code'],
          message: `the code ${code} stands here twice: make one entry of both`,
        })
      }
      seen.add(code)
    })
  }),
})
export type Catalog = z.infer<typeof catalogSchema>
