import { resolve } from 'node:path'
import { number } from '../text/numbers.ts'
import { paint } from '../text/terminal.ts'
import type { Look } from './looks.ts'

interface Told {
  url: string
  data: string | null
  requests: number
  from: string
  to: string
  looks: Look[]
}

const DEFAULT_URL = 'http://127.0.0.1:8080'
const DEFAULT_DATA = 'telltale-data'
const MINUTE_MS = 60_000

/** What a newcomer does next. */
export function looksText({ url, data, requests, from, to, looks }: Told, once: boolean): string {
  const minutes = Math.round((Date.parse(to) - Date.parse(from)) / MINUTE_MS)
  const isGone = once && data !== null
  // Where the commands find it: at the usual place by themselves.
  const elsewhere = isGone
    ? data !== resolve(DEFAULT_DATA) && `data ${data}`
    : url !== DEFAULT_URL && `url ${url}`
  const where = elsewhere ? ` --${elsewhere}` : ''
  return [
    paint('bold', `${minutes} minutes of a shop, ${number(requests)} requests to it, and this to be found:`),
    '',
    ...looks.flatMap(({ what, command }) => [`  ${what}`, `    ${paint('cyan', `npx ${command}${where}`)}`]),
    '',
    isGone
      ? `The page is at ${DEFAULT_URL} once \`npx telltale up${where}\` runs.`
      : `The page: ${paint(['bold', 'cyan'], url)}`,
    ...(once ? [] : [paint('dim', 'The shop is live now. Ctrl-C closes it.')]),
  ].join('\n')
}
