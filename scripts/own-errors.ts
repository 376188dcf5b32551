// Telltale's own errors, from their table: the built-in catalog `telltale` and docs/errors.md. Run it after a change of
// services/contract/errors.ts; a test says when that was forgotten.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { API_ERRORS } from '../services/contract/errors.ts'
import { isRetryable } from '../services/contract/vocabulary.ts'

const root = join(import.meta.dirname, '..')
const BY_STATUS = Object.entries(API_ERRORS).sort(([, a], [, b]) => a.status - b.status)

const scalar = (text: string): string => stringify(text, { lineWidth: 0 }).trim()

function catalog(): string {
  const codes = BY_STATUS.map(
    ([code, { status, retry, class: kind, message, action }]) => `  - code: ${code}
    http: [${status}]
    retry: ${retry}
    retry_is: stated
    class: ${kind}
    meaning: ${scalar(message)}
    action: ${scalar(action)}
`,
  )
  return `# Made by scripts/own-errors.ts from services/contract/errors.ts; change it there.
provider: telltale
title: Telltale
match:
  services: [telltale]
envelope:
  code: /error/code
  message: /error/message
  request_id: /meta/request_id
  details: /error/details
codes:
${codes.join('')}`
}

/** What a program may do, in words. */
const ADVICE: Record<string, string> = {
  never: 'no',
  after_wait: 'yes, after `Retry-After`',
  backoff: 'yes, waiting longer each time',
  once: 'once',
  after_reauth: 'yes, with a fresh token',
  later: 'yes, later',
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

function page(): string {
  const rows = BY_STATUS.map(
    ([code, { status, retry, message, action }]) =>
      `| \`${code}\` | ${status} | ${ADVICE[retry]} (\`${retry}\`) | ${cell(message)} | ${cell(action)} |`,
  )
  const safe = BY_STATUS.filter(([, { retry }]) => isRetryable(retry)).map(([code]) => `\`${code}\``)
  return `<!-- Made by scripts/own-errors.ts from services/contract/errors.ts; change it there. -->
# The errors of Telltale's own API

A failed request is answered with its HTTP status and this body; \`message\` may be more precise than in the table, and \`details\` say what is particular to the request.

\`\`\`json
{
  "success": false,
  "data": null,
  "error": { "code": "invalid_parameter", "message": "limit: give a whole number from 1 to 1000.", "details": [{ "parameter": "limit", "message": "give a whole number from 1 to 1000" }] },
  "meta": { "request_id": "req_5c1f0b7f2f0e4d8e9a63", "version": "v1" }
}
\`\`\`

The request id is also in the header \`X-Request-Id\`; a sane one that the caller sends is kept. Telltale's log names it with every failure of its own, and an instance that runs with \`--self\` finds it by \`telltale lookup\`. Failures of OTLP requests have OTLP's own bodies; their codes here are what \`--self\` stores of them. Codes are permanent: none is renamed, none is used for something else. They are the built-in catalog \`telltale\` too, so \`telltale\` reads its own errors as it reads everybody's.

A program may send the same request again by itself after ${safe.join(', ')}; after no other.

| code | status | send it again? | meaning | what to do |
|---|---|---|---|---|
${rows.join('\n')}
`
}

/** Each file made here, by its path in the repository. */
export const made = (): Record<string, string> => ({
  'services/catalog/vendors/telltale.yaml': catalog(),
  'docs/errors.md': page(),
})

if (import.meta.main) for (const [path, text] of Object.entries(made())) writeFileSync(join(root, path), text)
