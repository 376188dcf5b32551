import { z } from 'zod'
import { CLASSES, RETRIES, SIDES, STANDINGS } from '../contract/vocabulary.ts'
import { parseTime } from './time.ts'
import { parameters } from './zod-provider.ts'

// Parameters that several routes share. A query string holds text, or a list of texts where a name is repeated.

const MOST_CHARACTERS = 256
export const text = (hint = 'give a text') =>
  z.string(`${hint}, once`).min(1, hint).max(MOST_CHARACTERS, `at most ${MOST_CHARACTERS} characters`)

const oneOf = <const Words extends readonly string[]>(words: Words) =>
  z.enum(words, `give one of ${words.join(', ')}`)

export const wholeNumber = (least: number, most: number) => {
  const hint = `give a whole number from ${least} to ${most}`
  return z
    .string(`${hint}, once`)
    .regex(/^\d{1,9}$/, hint)
    .transform(Number)
    .refine((value) => value >= least && value <= most, hint)
}

const TIME_HINT = 'give a time like 2026-11-21T14:00:00Z, or -15m, -24h, -7d or now'
const time = (byDefault: string) =>
  z
    .string(`${TIME_HINT}, once`)
    .default(byDefault)
    .transform((value, context) => {
      const parsed = parseTime(value, Date.now())
      if (parsed !== null) return parsed
      context.addIssue(TIME_HINT)
      return z.NEVER
    })

/** The last day, unless asked otherwise. */
export const PERIOD = { from: time('-24h'), to: time('now') }

export const FILTERS = {
  provider: text().optional(),
  service: text().optional(),
  environment: text().optional(),
  standing: oneOf(STANDINGS).optional(),
  retry: oneOf(RETRIES).optional(),
  class: oneOf(CLASSES).optional(),
  /** Counts are of one side; without this, of the API's own where it reports, of its callers otherwise. */
  side: oneOf(SIDES).optional(),
}

/** Parameters among which is a period. */
export const periodParameters = <Shape extends z.ZodRawShape>(shape: Shape) =>
  parameters({ ...PERIOD, ...shape }).refine(
    (query) => (query as { from: Date }).from < (query as { to: Date }).to,
    { path: ['from'], error: 'must be before `to`' },
  )
