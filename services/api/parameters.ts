import { z } from 'zod'
import { CLASSES, RETRIES, SIDES, STANDINGS } from '../contract/vocabulary.ts'
import { decodeCursor, encodeCursor, MOST_CURSOR_CHARACTERS, questionOf } from './cursor.ts'
import { parseTime } from './time.ts'
import { parameters } from './zod-provider.ts'

// Parameters that several routes share. A query string holds text, or a list of texts where a name is repeated.

const MOST_CHARACTERS = 256
export const text = (hint = 'give a text', most = MOST_CHARACTERS) =>
  z
    .string(`${hint}, once`)
    .min(1, hint)
    .max(most, `at most ${most} characters`)
    .refine((value) => !value.includes('\0'), 'must not contain the character NUL')

/** Longer than ids are. */
const MOST_ID_CHARACTERS = 1_024
/** An id, or the name of a consumer. What is stored of a long one is less: look for `storedId` of it. */
export const id = (hint?: string) => text(hint, MOST_ID_CHARACTERS)

export const oneOf = <const Words extends readonly string[]>(words: Words) =>
  z.enum(words, `give one of ${words.join(', ')}`)

export const wholeNumber = (least: number, most: number) => {
  const hint = `give a whole number from ${least} to ${most}`
  return z
    .string(`${hint}, once`)
    .regex(/^\d{1,15}$/, hint)
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

const PERIOD = {
  from: time('-24h', 'Start of the period: RFC 3339, or relative to now.'),
  to: time('now', 'End of the period, not in it.'),
}
type WrittenPeriod = { from: string; to: string }

function periodOf(written: WrittenPeriod, context: z.RefinementCtx): { from: Date; to: Date } {
  // One moment is now for both, or the period would be a millisecond longer than was asked for.
  const now = Date.now()
  const [from, to] = [written.from, written.to].map((text) => parseTime(text, now) as Date)
  if (from >= to) context.addIssue({ code: 'custom', path: ['from'], message: 'must be before `to`' })
  return { from, to }
}

/** Parameters with a period among them; the last day, unless asked otherwise. */
export const periodParameters = <Shape extends z.ZodRawShape>(shape: Shape) =>
  parameters({ ...PERIOD, ...shape }).transform((query, context) => ({
    ...query,
    ...periodOf(query as unknown as WrittenPeriod, context),
  }))

/** On one page of any list. */
export const MOST_ROWS = 1_000
const CURSOR_HINT =
  'give `next_cursor` of an answer to this same question, or leave it out for the first page'

/**
 * Parameters of a list that is asked for page by page. `position` says what a cursor holds besides the period and the
 * question; `at` is that, undefined on the first page, and `goOn` makes the cursor of the next one.
 */
export const listParameters = <Shape extends z.ZodRawShape, Position extends z.ZodType>(
  list: string,
  position: Position,
  shape: Shape,
) =>
  parameters({
    ...PERIOD,
    limit: wholeNumber(1, MOST_ROWS).default(100).describe('At most so many at once.'),
    cursor: z
      .string(`${CURSOR_HINT}, once`)
      .max(MOST_CURSOR_CHARACTERS, CURSOR_HINT)
      .optional()
      .describe(
        'Where to go on: `next_cursor` of the answer before, with all other parameters as they were.',
      ),
    ...shape,
  }).transform((query, context) => {
    const { limit, cursor, ...asked } = query as unknown as WrittenPeriod & { limit: number; cursor?: string }
    const question = questionOf(list, asked)
    const goOnIn = (period: { from: Date; to: Date }) => ({
      ...query,
      ...period,
      goOn: (at: z.input<Position>) => encodeCursor({ question, ...period, at }),
    })
    if (cursor === undefined) return { ...goOnIn(periodOf(asked, context)), at: undefined }

    const found = decodeCursor(cursor)
    const at = position.safeParse(found?.at)
    if (found === null || found.question !== question || !at.success) {
      context.addIssue({ code: 'custom', path: ['cursor'], message: CURSOR_HINT })
      return z.NEVER
    }
    return { ...goOnIn({ from: found.from, to: found.to }), at: at.data }
  })
