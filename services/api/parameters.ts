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
    .meta({ type: 'integer', minimum: least, maximum: most })
    .transform(Number)
    .refine((value) => value >= least && value <= most, hint)
}

const TIME_HINT = 'give a time like 2026-11-21T14:00:00Z, or -15m, -24h, -7d or now'
const time = (byDefault: string, description: string) =>
  z
    .string(`${TIME_HINT}, once`)
    .default(byDefault)
    .refine((written) => parseTime(written, Date.now()) !== null, TIME_HINT)
    .meta({ description, examples: [byDefault] })

export const FILTERS = {
  provider: text()
    .optional()
    .meta({ description: 'Whose API.', examples: ['session-api'] }),
  service: text()
    .optional()
    .meta({ description: 'Who reported.', examples: ['checkout'] }),
  environment: text()
    .optional()
    .meta({ description: 'Where it ran.', examples: ['production'] }),
  standing: oneOf(STANDINGS)
    .optional()
    .meta({
      description: 'How the code stands to its catalog.',
      examples: ['known'],
    }),
  retry: oneOf(RETRIES)
    .optional()
    .meta({
      description: 'What a client may do, as the catalog says.',
      examples: ['after_wait'],
    }),
  class: oneOf(CLASSES)
    .optional()
    .meta({ description: 'What kind of error.', examples: ['rate_limit'] }),
  side: oneOf(SIDES)
    .optional()
    .meta({
      description:
        'Counts are of one side: without this, of the API’s own where it reports, of its callers otherwise.',
      examples: ['client'],
    }),
}

/** Parameters with a period among them; the last day, unless asked otherwise. */
export const periodParameters = <Shape extends z.ZodRawShape>(shape: Shape) =>
  parameters({
    from: time('-24h', 'Start of the period: RFC 3339, or relative to now.'),
    to: time('now', 'End of the period, not in it.'),
    ...shape,
  }).transform((query, context) => {
    // One moment is now for both, or the period would be a millisecond longer than was asked for.
    const now = Date.now()
    const [from, to] = ['from', 'to'].map((name) => parseTime(String(Reflect.get(query, name)), now) as Date)
    if (from >= to) context.addIssue({ code: 'custom', path: ['from'], message: 'must be before `to`' })
    return { ...query, from, to }
  })
