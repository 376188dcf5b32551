import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, InvalidArgumentError } from 'commander'
import type { ListedCode } from '../../../api/routes/codes.ts'
import type { NoAnswer } from '../../answers/answer.ts'
import { type Answers, answersFor } from '../../answers/answers.ts'
import { type AskingFlags, queryOf, refusal, withAsking } from '../../answers/asking.ts'
import { complain, GOOD, loadFor, print, printJson, problemsOf } from '../../run.ts'
import { withProgress } from '../../text/progress.ts'
import { plain, tableColumns } from '../../text/terminal.ts'
import { type FilterFlags, withFilters } from '../filters.ts'
import { compare, type Top } from './compare.ts'
import { frame } from './frame.ts'
import { enterScreen } from './screen.ts'

interface Flags extends AskingFlags, FilterFlags {
  period: number
  every: number
  limit?: number
  once?: true
}

const LONGEST_PERIOD = 1_440
const LONGEST_PAUSE = 3_600
/** As many as anybody reads in a pipe; a terminal says itself how many it has room for. */
const ROWS_IN_PIPE = 20
/** What the comparison is made of; beyond that codes are too rare for a list of the most frequent. */
const COMPARED = '500'

/** `telltale top`: the codes of the last minutes against those before, live. */
export const addTop = (program: Command): Command =>
  withFilters(withAsking(program.command('top')))
    .description('the most frequent codes now against before, live')
    .option('--period <minutes>', 'how long now and before are (5)', wholeNumber(LONGEST_PERIOD), 5)
    .option('--every <seconds>', 'how often it is asked again (2)', wholeNumber(LONGEST_PAUSE), 2)
    .option('--limit <n>', 'at most so many codes', wholeNumber(Number(COMPARED)))
    .option('--once', 'show it once and end')
    .addHelpText(
      'after',
      `
In a pipe each time is a table below the last, or with --json one line of JSON.
On a terminal q or Ctrl-C ends it.

Examples:
  $ telltale top
  $ telltale top --provider session-api --period 30
  $ telltale top --json | jq .now`,
    )
    .action(async (flags: Flags) => {
      // At once: a question may be open that nobody waits for any longer.
      process.exit(await run(flags))
    })

function wholeNumber(most: number) {
  return (text: string): number => {
    const value = /^\d{1,6}$/.test(text) ? Number(text) : 0
    if (value >= 1 && value <= most) return value
    throw new InvalidArgumentError(`Give a whole number from 1 to ${most}.`)
  }
}

async function run({ data, config, url, ...flags }: Flags): Promise<number> {
  const configuration = { data, config, url }
  const loaded = loadFor(configuration)
  const wrong = problemsOf(loaded, configuration)
  if (wrong !== null) return wrong

  const answers = answersFor(loaded)
  try {
    const first = await withProgress(() => `asking ${answers.from()}`, askTop(answers, flags))
    if (!('codes' in first)) return refusal(first)
    const once = flags.once || answers.readsStore()
    const ending = new AbortController()
    for (const signal of SIGNALS) process.on(signal, () => ending.abort())
    if (answers.readsStore() && !flags.once)
      complain('nothing new comes while nothing runs, so this is shown once.')
    if (once || !process.stdout.isTTY || flags.json)
      return await inPipe(first, answers, flags, once, ending.signal)
    return await onScreen(first, answers, flags, ending)
  } finally {
    await answers.close()
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

async function askTop(answers: Answers, flags: Flags): Promise<Top | NoAnswer> {
  const { period, provider, service, environment, standing, retry, class: class_, side } = flags
  const filters = { provider, service, environment, standing, retry, class: class_, side, limit: COMPARED }
  const at = new Date()
  const [whole, recent] = await Promise.all(
    [2 * period, period].map((minutes) =>
      answers.ask<ListedCode[]>(`/api/v1/codes${queryOf({ from: `-${minutes}m`, ...filters })}`),
    ),
  )
  if (whole.status !== 'answered') return whole
  if (recent.status !== 'answered') return recent
  return compare(whole.data, recent.data, period, at)
}

/** Below one another. */
async function inPipe(
  first: Top,
  answers: Answers,
  flags: Flags,
  once: boolean,
  ended: AbortSignal,
): Promise<number> {
  let top = first
  for (;;) {
    const shown = { ...top, codes: top.codes.slice(0, flags.limit ?? ROWS_IN_PIPE) }
    if (flags.json) printJson(shown, 0)
    else
      print(
        `${frame(shown, { columns: tableColumns(), rows: Infinity }, answers.from()).join('\n')}${once ? '' : '\n'}`,
      )
    if (once) return GOOD
    await pause(flags, ended)
    const next = await unlessEnded(ended, askTop(answers, flags))
    if (next === undefined) return GOOD
    if (!('codes' in next)) return refusal(next)
    top = next
  }
}

/** In place. What cannot be asked at the moment stays as it was, with the reason below. */
async function onScreen(
  first: Top,
  answers: Answers,
  flags: Flags,
  ending: AbortController,
): Promise<number> {
  let top = first
  let trouble = ''
  const draw = () => {
    const { columns, rows } = screen.size()
    const codes = top.codes.slice(0, flags.limit)
    const below = trouble === '' ? 0 : 2
    const lines = frame({ ...top, codes }, { columns, rows: rows - below }, answers.from())
    screen.draw(below === 0 ? lines : [...lines, '', trouble.slice(0, columns)])
  }
  const screen = enterScreen(draw, () => ending.abort())
  try {
    while (!ending.signal.aborted) {
      draw()
      await pause(flags, ending.signal)
      const next = await unlessEnded(ending.signal, askTop(answers, flags))
      if (next === undefined) break
      if ('codes' in next) top = next
      trouble = 'codes' in next ? '' : `Asking again: ${plain('message' in next ? next.message : '')}`
    }
  } finally {
    screen.leave()
  }
  return GOOD
}

const pause = ({ every }: Flags, ended: AbortSignal): Promise<void> =>
  sleep(every * 1000, undefined, { signal: ended }).catch(() => {})

/** Whoever wants to go does not wait for an answer. */
function unlessEnded<T>(ended: AbortSignal, asked: Promise<T>): Promise<T | undefined> {
  return Promise.race([
    asked,
    new Promise<undefined>((resolve) => {
      if (ended.aborted) resolve(undefined)
      ended.addEventListener('abort', () => resolve(undefined), { once: true })
    }),
  ])
}
