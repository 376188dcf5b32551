import { type Command, InvalidArgumentError } from 'commander'
import type { Asked, Explained } from '../../../api/explanation.ts'
import { type Ask, type AskingFlags, asking, refusal, withAsking } from '../../answers/asking.ts'
import { complain, GOOD, print, printJson, WRONG_USE } from '../../run.ts'
import { plain } from '../../text/terminal.ts'
import { explainText } from './explain-text.ts'
import { HEADER, headersOf, readHttpAnswer } from './http-answer.ts'

interface Flags extends AskingFlags {
  provider?: string
  status?: number
  header: string[]
}

/** `telltale explain`: what an error means and whether to retry. */
export const addExplain = (program: Command): Command =>
  withAsking(program.command('explain'))
    .description('what an error means and whether to send the call again')
    .argument('[code]', 'an error code; without it, an answer of the API is read from stdin')
    .option('--provider <name>', 'whose API; needed where several document the same code')
    .option('--status <status>', 'HTTP status of the answer', httpStatus)
    .option('--header <header>', "of the answer, as 'name: value'; can be given several times", header, [])
    .addHelpText(
      'after',
      `
On stdin: the body, or what \`curl -i\` prints, with the status and the headers.

Examples:
  $ telltale explain RATE_LIMIT_EXCEEDED --provider session-api
  $ telltale explain --status 429 --header 'Retry-After: 30' < body.json
  $ curl -si https://api.session.example/v1/sessions | telltale explain`,
    )
    .action(async (code: string | undefined, { data, config, url, json, ...flags }: Flags) => {
      process.exitCode = await asking(
        { data, config, url },
        async (ask) => {
          const asked =
            code === undefined ? await fromStdin(flags) : { ...flags, headers: headersOf(flags.header), code }
          return asked === null ? WRONG_USE : explain(ask, asked, json)
        },
        'catalogs',
      )
    })

async function explain(
  ask: Ask,
  { provider, code, status, headers, body }: Asked,
  json?: true,
): Promise<number> {
  const answer = await ask<Explained>('/api/v1/explain', { provider, code, status, headers, body })
  if (answer.status !== 'answered') return refusal(answer)
  const explained = answer.data
  if (json) printJson(explained)
  else print(explainText(explained))
  if (explained.standing === 'unknown') await hint(ask, explained)
  return GOOD
}

/** A code that is not there may be one that is, misspelt. */
async function hint(ask: Ask, { provider, code }: Explained): Promise<void> {
  if (provider === null) return complain('no catalog documents it; --provider says whose API it came from.')
  const found = await ask(
    `/api/v1/catalogs/${[provider, 'codes', code ?? ''].map(encodeURIComponent).join('/')}`,
  )
  if (found.status === 'refused') complain(plain(found.message))
}

/** As much of a body as errors have; the API takes no more. */
const MOST_CHARACTERS = 48 * 1024

async function fromStdin({
  provider,
  status,
  header,
}: Omit<Flags, keyof AskingFlags>): Promise<Asked | null> {
  const { stdin } = process
  if (stdin.isTTY) {
    complain(
      'give a code, or an answer of the API on stdin: curl -si … | telltale explain. Add --help for more.',
    )
    return null
  }
  let text = ''
  for await (const piece of stdin.setEncoding('utf8')) {
    text += piece
    if (text.length > MOST_CHARACTERS) break
  }
  if (text.length > MOST_CHARACTERS) complain('the body is long; its first 48 KiB are read.')
  const answer = readHttpAnswer(text.slice(0, MOST_CHARACTERS))
  const headers = { ...answer.headers, ...headersOf(header) }
  const asked = { provider, status: status ?? answer.status, headers, body: answer.body || undefined }
  if (asked.status !== undefined || asked.body !== undefined) return asked
  complain('there is nothing on stdin: give the body of an answer, --status, or a code.')
  return null
}

function httpStatus(text: string): number {
  const status = /^[1-5]\d\d$/.test(text) ? Number(text) : 0
  if (status === 0) throw new InvalidArgumentError('Give an HTTP status, 100 to 599.')
  return status
}

function header(text: string, before: string[]): string[] {
  if (!HEADER.test(text)) throw new InvalidArgumentError("Give it as 'name: value'.")
  return [...before, text]
}
