import type { ApiErrorCode } from '../contract/errors.ts'

// What a route says of itself, in one place: fastify validates by it, types come from it, /openapi.json shows it.
// The zod schemas of `params`, `querystring`, `body` and `response` carry `.describe()` and `.meta({ examples })`.

declare module 'fastify' {
  interface FastifySchema {
    /** A few words; a route without them is not part of the API and not documented. */
    summary?: string
    description?: string
    /** Where it stands in the document: the first part of its address. */
    tags?: string[]
    /** Answers 200 in this type, too, where that is asked for; or only, where there is no `response`. */
    alsoAnswers?: string[]
    /** Errors of its own, besides those that any route may answer. */
    refuses?: ApiErrorCode[]
  }
}
