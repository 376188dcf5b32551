import { compileCatalogs, type Explanation } from './classify.ts'
import { saysTheSame } from './same-meaning.ts'
import type { Catalog, CodeEntry, StatusRule } from './schema.ts'

// Codes are permanent, for programs depend on them: what a program may rely on is a promise, and a change to it a break.

export interface Change {
  /** `addition` and `warning` harm nobody who relies on the catalog. */
  level: 'break' | 'warning' | 'addition'
  provider: string
  /** Empty: of the catalog as a whole. */
  code: string
  message: string
}

/** What has become of each provider's codes. One catalog on each side is one catalog, also under another name. */
export function diffCatalogs(before: readonly Catalog[], after: readonly Catalog[], now: Date): Change[] {
  const [only, renamed] = [before[0], after[0]]
  if (before.length === 1 && after.length === 1 && only && renamed && only.provider !== renamed.provider)
    return [
      of(
        'break',
        only,
        '',
        `the provider is ${renamed.provider} now: what was stored is under the former name`,
      ),
      ...diffCatalog(only, { ...renamed, provider: only.provider }, now),
    ]
  const found = new Map(after.map((catalog) => [catalog.provider, catalog]))
  const known = new Set(before.map(({ provider }) => provider))
  return [
    ...before.flatMap((old) => {
      const catalog = found.get(old.provider)
      if (catalog) return diffCatalog(old, catalog, now)
      return [of('break', old, '', `the catalog is gone, with its ${old.codes.length} codes`)]
    }),
    ...after
      .filter(({ provider }) => !known.has(provider))
      .map((catalog) => of('addition', catalog, '', `a new catalog with ${catalog.codes.length} codes`)),
  ]
}

const of = (level: Change['level'], { provider }: Catalog, code: string, message: string): Change => ({
  level,
  provider,
  code,
  message,
})

function diffCatalog(before: Catalog, after: Catalog, now: Date): Change[] {
  const explain = { before: compileCatalogs([before]).explain, after: compileCatalogs([after]).explain }
  const entries = new Map(after.codes.map((entry) => [entry.code, entry]))
  const known = new Set(before.codes.map(({ code }) => code))
  const { provider } = before
  return [
    ...matches(before, after),
    ...statusRules(before, after),
    ...before.codes.flatMap((old) => {
      const { code } = old
      const entry = entries.get(code)
      const change = (level: Change['level'], message: string) => of(level, before, code, message)
      if (entry === undefined)
        return [change('break', 'was removed: deprecate it instead; codes are permanent')]
      return [
        ...promises(old, entry, explain.before(provider, code)!, explain.after(provider, code)!, change),
        ...deprecations(old, entry, now, change),
      ]
    }),
    ...after.codes
      .filter(({ code }) => !known.has(code))
      .flatMap((entry) => [
        of('addition', before, entry.code, 'is new'),
        ...deprecations(undefined, entry, now, (level, message) => of(level, before, entry.code, message)),
      ]),
  ]
}

type Note = (level: Change['level'], message: string) => Change

function promises(old: CodeEntry, entry: CodeEntry, was: Explanation, is: Explanation, note: Note): Change[] {
  const changes: Change[] = []
  const [oldHttp, http] = [old.http, entry.http].map((one) => [...new Set(one)].sort().join(', ')) as [
    string,
    string,
  ]
  if (oldHttp !== http) {
    if (oldHttp === '') changes.push(note('addition', `says its status now: ${http}`))
    else changes.push(note('break', `status changed from ${oldHttp} to ${http || 'none'}`))
  }
  if (was.retry !== is.retry)
    changes.push(
      note(was.retry === 'unknown' ? 'addition' : 'break', `retry changed from ${was.retry} to ${is.retry}`),
    )
  // Nobody promised a class that was concluded.
  if (was.class !== is.class)
    changes.push(
      note(old.class === undefined ? 'warning' : 'break', `class changed from ${was.class} to ${is.class}`),
    )
  if (was.meaning !== is.meaning) {
    if (was.meaning === '') changes.push(note('addition', 'says its meaning now'))
    else if (is.meaning === '') changes.push(note('warning', 'lost its meaning'))
    else if (saysTheSame(old.code, was.meaning, is.meaning)) changes.push(note('warning', 'was reworded'))
    else
      changes.push(
        note(
          'break',
          `means something else now: “${cut(was.meaning)}” became “${cut(is.meaning)}”; make a new code of it`,
        ),
      )
  }
  if (was.action !== is.action) changes.push(note('warning', 'says another action'))
  return changes
}

const LEAST_MONTHS = 12

function deprecations(
  old: CodeEntry | undefined,
  { deprecated }: CodeEntry,
  now: Date,
  note: Note,
): Change[] {
  const was = old?.deprecated
  const today = now.toISOString().slice(0, 10)
  if (deprecated === undefined) {
    if (was === undefined) return []
    const end = was.until ?? later(was.on)
    return end > today
      ? [
          note(
            'break',
            `was un-deprecated before its time: it was announced to end ${was.until ? `on ${end}` : `after ${was.on}`}`,
          ),
        ]
      : [note('warning', 'is not deprecated any more, after its time')]
  }
  const { on, until } = deprecated
  if (until !== undefined && until !== was?.until) {
    if (until < later(on))
      return [
        note(
          'break',
          `is deprecated for less than ${LEAST_MONTHS} months, from ${on} to ${until}: not before ${later(on)}`,
        ),
      ]
    if (was?.until !== undefined && until < was.until)
      return [note('warning', `ends earlier than announced: ${until} instead of ${was.until}`)]
  }
  return was === undefined
    ? [note('warning', `is deprecated from ${on}${until ? ` until ${until}` : ''}`)]
    : []
}

/** The same day so many months later; of a month without that day, the first of the next. */
function later(date: string): string {
  const end = new Date(date)
  end.setUTCMonth(end.getUTCMonth() + LEAST_MONTHS)
  return end.toISOString().slice(0, 10)
}

function statusRules(before: Catalog, after: Catalog): Change[] {
  const words = (rule: StatusRule | undefined) => rule?.retry ?? 'none'
  return Object.entries(before.statuses).flatMap(([status, old]) => {
    const rule = after.statuses[status]
    if (rule?.retry === old.retry) return []
    return [
      of('break', before, '', `retry by default for ${status} changed from ${words(old)} to ${words(rule)}`),
    ]
  })
}

/** Calls that are not recognised any more are judged by no catalog. */
const matches = (before: Catalog, after: Catalog): Change[] =>
  (['hosts', 'services'] as const).flatMap((kind) =>
    before.match[kind]
      .filter((name) => !after.match[kind].includes(name))
      .map((name) => of('warning', before, '', `${name} is not among its ${kind} any more`)),
  )

const MOST_QUOTED = 60
const cut = (text: string): string =>
  text.length > MOST_QUOTED ? `${text.slice(0, MOST_QUOTED - 1)}…` : text
