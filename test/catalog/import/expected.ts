import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

// Pages with what must be found on them. In a folder each page stands beside one of
// - NAME.expected: one line a code, "CODE statuses retry". Statuses: "401,403", "-" for none. Retry: "-" where the page
//   is silent; yes, no, or the word where it says how.
// - NAME.expected.json: {"codes": [{"code", "http": [], "retryable": true|false|null, "retry_stated": true|false}],
//   "not_codes": []}.

export interface Expected {
  code: string
  http: string
  retry: string
}

export interface Page {
  name: string
  bytes: Buffer
  expected: Expected[]
}

const EXPECTED = /\.expected(?:\.json)?$/

/** Those that the readers were mended on; and those nobody has looked at while mending, which tell how good they are. */
export const LEARNED = ['tuned', 'held', 'varied', 'strangers'] as const
export const UNLEARNED = 'unlearned'

export const PAGES = join(import.meta.dirname, 'pages')

export const pagesIn = (part: (typeof LEARNED)[number] | typeof UNLEARNED): Page[] =>
  pagesOf(join(PAGES, part))

export function pagesOf(directory: string): Page[] {
  const files = readdirSync(directory)
  return files
    .filter(
      (file) =>
        !EXPECTED.test(file) && files.some((each) => EXPECTED.test(each) && base(each) === base(file)),
    )
    .sort()
    .map((name) => {
      const file = files.find((each) => EXPECTED.test(each) && base(each) === base(name)) as string
      const text = readFileSync(join(directory, file), 'utf8')
      const expected = file.endsWith('.json') ? fromJson(text) : fromLines(text)
      return { name, bytes: readFileSync(join(directory, name)), expected }
    })
}

const base = (file: string): string => file.replace(EXPECTED, '').replace(/\.\w+$/, '')

const fromLines = (text: string): Expected[] =>
  text
    .trim()
    .split('\n')
    .map((line) => {
      const [code, http, retry] = line.split(' ')
      return { code, http, retry }
    })

function fromJson(text: string): Expected[] {
  const { codes } = JSON.parse(text) as {
    codes: { code: string; http: number[]; retryable: boolean | null; retry_stated: boolean }[]
  }
  return codes.map(({ code, http, retryable, retry_stated }) => ({
    code,
    http: [...http].sort((a, b) => a - b).join() || '-',
    retry: retry_stated && retryable !== null ? (retryable ? 'yes' : 'no') : '-',
  }))
}
