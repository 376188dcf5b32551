import { Document, isMap, isSeq, type YAMLMap } from 'yaml'
import type { Gaps } from '../../api/gaps.ts'

type Unknown = Gaps['unknown'][number]
type Mismatched = Gaps['mismatched'][number]

/** What a catalog takes as a code; whatever else was sent as one is no matter of documentation. */
const CODE = /^[^\s\p{Cc}](?:[^\p{Cc}]{0,254}[^\s\p{Cc}])?$/u

/** A document for each provider: entries to put under its catalog's `codes`, each a valid one as it is. */
export function gapsYaml(gaps: Gaps): string {
  const isCode = ({ code }: { code: string }) => CODE.test(code)
  const [unknown, mismatched] = [gaps.unknown.filter(isCode), gaps.mismatched.filter(isCode)] as const
  const providers = [...new Set([...unknown, ...mismatched].map(({ provider }) => provider))].sort()
  const documents = providers.map((provider) =>
    documentOf(
      provider,
      unknown.filter((gap) => gap.provider === provider),
      mismatched.filter((gap) => gap.provider === provider),
    ),
  )
  return documents.join('---\n')
}

function documentOf(provider: string, unknown: Unknown[], mismatched: Mismatched[]): string {
  const isNew = unknown.some(({ has_catalog }) => !has_catalog)
  const document = new Document({
    ...(isNew ? newCatalogOf(provider) : { provider }),
    codes: [
      ...unknown.map(({ code, statuses, guess }) => ({
        code,
        http: httpOf(statuses),
        ...(guess.retry === 'unknown' ? {} : { retry: guess.retry, retry_is: 'derived' }),
        class: guess.class,
      })),
      ...mismatched.map(({ code, http, statuses }) => ({
        code,
        http: [...new Set([...http, ...httpOf(statuses)])].sort(),
      })),
    ],
  })
  document.commentBefore = isNew
    ? ' a catalog to be; check how its calls are recognised'
    : ` for the catalog of ${oneLine(provider)}, under its codes`
  const codes = document.get('codes')
  const items = (isSeq(codes) ? codes.items : []) as YAMLMap[]
  for (const [index, gap] of [...unknown, ...mismatched].entries()) {
    const item = items[index]
    if (!isMap(item)) continue
    const isUnknown = index < unknown.length
    item.commentBefore = commentOf(gap, isUnknown)
    const http = item.get('http', true)
    if (isSeq(http)) http.flow = true
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true })
}

/** Without a catalog, a provider is the host that was called, or the service that answered. */
function newCatalogOf(seen: string) {
  const isHost = /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/.test(seen)
  const provider = seen
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '')
  return { provider: provider || 'unnamed', match: isHost ? { hosts: [seen] } : { services: [seen] } }
}

const httpOf = (statuses: Unknown['statuses']): number[] =>
  statuses
    .map(({ status }) => status)
    .filter((status) => status >= 100 && status <= 599)
    .sort()

function commentOf(gap: Unknown | Mismatched, isUnknown: boolean): string {
  const { count, first_seen, first_service, first_version, request_id, message } = gap
  const lines = [
    `seen ${count} times since ${first_seen}, first by ${first_service} ${first_version}`.trim(),
    ...(request_id === null ? [] : [`for example ${request_id}`]),
    ...(message === null ? [] : [`it said: ${message}`]),
    isUnknown
      ? 'say its meaning, and whether the guess is right'
      : 'only the status is new: keep the rest of the entry',
  ]
  return lines.map((line) => ` ${oneLine(line)}`).join('\n')
}

/** A comment must not end before its line does. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]+/gu, ' ')
