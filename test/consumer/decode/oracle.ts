import { readHeaderName } from '../../../services/consumer/decode/limit-header.ts'
import { resetMs, retryAfterMs } from '../../../services/consumer/decode/moment.ts'
import { KINDS } from '../../../services/contract/vocabulary.ts'
import { limitItems } from '../../../services/instrumentation/read-error/limit-list.ts'
import { Scrubber } from '../../../services/instrumentation/scrub/scrubber.ts'
import { decodeMessage, ExportTraceServiceRequest } from '../../otlp-proto.ts'
import type { Hint, Row, Traffic } from './read-payload.ts'

// The rules of the reference (span attributes, error events, traffic, retries, quota samples) written down a second
// time, as plainly as can be, over objects that protobufjs decoded. Slow, and shares with the decoder only what has
// tables of its own in other tests: scrubbing, and the values of rate-limit headers.

interface AnyValue {
  stringValue?: string
  intValue?: string
  doubleValue?: number
  arrayValue?: { values?: AnyValue[] }
}
interface KeyValue {
  key?: string
  value?: AnyValue
}
interface Span {
  traceId?: Buffer
  spanId?: Buffer
  parentSpanId?: Buffer
  kind?: number
  startTimeUnixNano?: string
  endTimeUnixNano?: string
  attributes?: KeyValue[]
  events?: { name?: string; attributes?: KeyValue[] }[]
  status?: { code?: number; message?: string }
}

export interface OracleOptions {
  arrivalMs: number
  maxAgeMs: number
  aliases?: Record<string, string[]>
}

const RESPONSE = 'http.response.header.'
const CODE_NAMES = ['api.error.code', 'error.code', 'app.error.code', 'exception.code']
const REQUEST_ID_NAMES = [
  'api.request_id',
  `${RESPONSE}x-request-id`,
  'http.request.header.x-request-id',
  'aws.request_id',
  'request_id',
  'request.id',
  `${RESPONSE}request-id`,
  `${RESPONSE}x-amzn-requestid`,
  `${RESPONSE}x-correlation-id`,
]
const GRPC =
  'OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED'.split(
    ' ',
  )

export function oracle(bytes: Uint8Array, options: OracleOptions) {
  const { arrivalMs, maxAgeMs, aliases = {} } = options
  const request = decodeMessage(ExportTraceServiceRequest, bytes) as {
    resourceSpans?: { resource?: { attributes?: KeyValue[] }; scopeSpans?: { spans?: Span[] }[] }[]
  }
  const counts = { spans: 0, rejected: 0, kept: 0, counted: 0, clamped: 0, attributesDropped: 0 }
  const errors: Row[] = []
  const attempts: Row[] = []
  const traffic = new Map<string, Traffic>()
  const quotas = new Map<string, { row: Row; order: number }[]>()

  for (const { resource, scopeSpans = [] } of request.resourceSpans ?? []) {
    const about = attributesOf(resource?.attributes)
    const service = cut(about.text('service.name') ?? '')
    const version = cut(about.text('service.version') ?? '')
    const environment = cut(about.text('deployment.environment.name', 'deployment.environment') ?? '')
    const language = cut(about.text('telemetry.sdk.language') ?? '')
    for (const span of scopeSpans.flatMap(({ spans = [] }) => spans))
      one(span, service, version, environment, language)
  }
  const quotaSamples = [...quotas.values()].flatMap(lastAndLowest)
  return { errors, attempts, quotaSamples, traffic: [...traffic.values()], counts }

  function one(span: Span, service: string, version: string, environment: string, language: string): void {
    const index = counts.spans++
    const isId = (id: Buffer | undefined, size: number) =>
      id === undefined || id.length === 0 || id.length === size
    if (!isId(span.traceId, 16) || !isId(span.spanId, 8) || !isId(span.parentSpanId, 8)) {
      counts.rejected++
      return
    }
    const has = attributesOf(span.attributes)
    const exception = (span.events ?? []).filter(({ name }) => name === 'exception')
    // Of several exceptions the last that says something.
    const thrown = attributesOf(exception.flatMap(({ attributes = [] }) => attributes))
    const kind = span.kind ?? 0
    const isCall = kind >= 2 && kind <= 5
    const status = has.number(
      0xffff,
      'http.response.status_code',
      'http.status_code',
      ...(aliases.status ?? []),
    )
    const rpcStatus = has.text('rpc.response.status_code')
    const grpcStatus = has.number(0xffff, 'rpc.grpc.status_code')
    const hasRpc = rpcStatus !== undefined || grpcStatus !== undefined
    const rpcFailed = rpcStatus !== undefined ? !/^(ok|0)$/i.test(rpcStatus) : (grpcStatus ?? 0) !== 0
    const hasOurs =
      has.text('api.error.code') !== undefined ||
      (aliases.code ?? []).some((name) => has.text(name) !== undefined)
    const isError =
      hasOurs ||
      (isCall && ((status ?? 0) >= 400 || rpcFailed || span.status?.code === 2 || exception.length > 0))
    const isCounted = (kind === 2 || kind === 3) && (status !== undefined || hasRpc)
    const limits = limitsOf(span, has)
    if (!isError && !isCounted && !limits.isAny) return

    const side = kind === 2 || kind === 5 ? 'server' : 'client'
    const address = cut(
      normalHost(has.text('server.address', 'net.peer.name')) ??
        urlHost(has.text('url.full', 'http.url')) ??
        '',
    )
    const provider: Hint = {
      attribute: cut(has.text('api.provider', ...(aliases.provider ?? [])) ?? ''),
      serverAddress: address,
      service,
      side,
    }
    const path = has.text('url.path', 'http.target') ?? has.text('url.full', 'http.url')
    const route = cut(has.text('http.route', 'url.template') ?? (path === undefined ? '' : routeOf(path)))
    const attempt =
      has.number(
        0xffff,
        'http.request.resend_count',
        'http.resend_count',
        'retry.count',
        'api.attempt',
        ...(aliases.attempt ?? []),
      ) ?? 0

    const start = BigInt(span.startTimeUnixNano ?? '0')
    const end = BigInt(span.endTimeUnixNano ?? '0')
    const arrival = BigInt(arrivalMs) * 1_000_000n
    const earliest = Math.max(Date.UTC(2000, 0) * 1e6, Number(arrival) - maxAgeMs * 1e6)
    const isSane = (time: bigint) => Number(time) >= earliest && Number(time) <= Number(arrival) + 3600e9
    let ts = start
    if (!isSane(start)) {
      const isOnlyMissing = start === 0n && isSane(end)
      ts = isOnlyMissing ? end : arrival
      if (!isOnlyMissing) counts.clamped++
    }
    const ended = isSane(end) ? end : ts
    const duration = isSane(start) && isSane(end) && end > start ? Math.fround(Number(end - start) / 1e6) : 0
    const consumer = cut(
      has.text('api.consumer', 'enduser.id', 'user.id', 'client.id', ...(aliases.consumer ?? [])) ?? '',
    )

    if (isCounted) {
      counts.counted++
      const key = {
        bucket: Number(ts / 10_000_000_000n) * 10,
        provider,
        service,
        environment,
        route,
        side,
        status_class: statusClass(status, rpcFailed),
      }
      const id = JSON.stringify(key)
      const before = traffic.get(id) ?? { ...key, calls: 0, errors: 0, retries: 0 }
      before.calls++
      if (isError) before.errors++
      if (attempt > 0) before.retries++
      traffic.set(id, before)
    }
    for (const limit of limits.read(Number(ended) / 1e6)) {
      const row = {
        ts: ended,
        provider,
        name: cut(limit.name),
        service,
        environment,
        consumer,
        limit: limit.limit,
        remaining: limit.remaining,
        reset: limit.reset,
      }
      const bucket = Math.floor(Number(ended) / 1e10)
      const id = JSON.stringify([provider, row.name, service, environment, consumer, bucket])
      const samples = quotas.get(id) ?? []
      samples.push({ row, order: samples.length })
      quotas.set(id, samples)
    }
    if (!isError && !(isCounted && attempt > 0)) return

    const ids = REQUEST_ID_NAMES.concat(aliases.request_id ?? []).flatMap((name) => {
      const id = has.text(name)
      return id === undefined ? [] : [cut(id)]
    })
    const [requestId = '', ...others] = new Set(ids)
    const userAgent = has.text('user_agent.original', 'http.user_agent')
    const row: Row = {
      ts,
      provider,
      status: status ?? 0,
      side,
      service,
      service_version: version,
      environment,
      route,
      method: cut(has.text('http.request.method', 'http.method') ?? ''),
      server_address: address,
      request_id: requestId,
      other_request_ids: others
        .filter((id) => !id.includes('\n'))
        .slice(0, 8)
        .join('\n'),
      trace_id: hex(span.traceId, 16),
      span_id: hex(span.spanId, 8),
      parent_span_id: hex(span.parentSpanId, 8),
      call_id: cut(has.text('api.call_id', ...(aliases.call_id ?? [])) ?? ''),
      attempt,
      consumer,
      sdk: side === 'server' ? productOf(userAgent ?? '') : language,
      duration_ms: duration,
    }
    row.origin_index = index
    if (!isError) {
      attempts.push(row)
      return
    }
    counts.kept++
    const own = has.text(...CODE_NAMES) ?? thrown.text('exception.code') ?? has.text(...(aliases.code ?? []))
    const errorType = has.text('error.type')
    const code =
      own ??
      (rpcFailed
        ? (rpcStatus ?? GRPC[grpcStatus!] ?? String(grpcStatus))
        : errorType !== undefined && isCode(errorType)
          ? errorType
          : '')
    const waits = aliases.retry_after ?? []
    const wait =
      has.number(0xffff_fffe, 'api.retry_after_ms', ...waits.filter((name) => name.endsWith('ms'))) ??
      waitOf(
        has.text(`${RESPONSE}retry-after`, ...waits.filter((name) => !name.endsWith('ms'))),
        Number(ended) / 1e6,
      ) ??
      has.number(0xffff_fffe, `${RESPONSE}retry-after-ms`) ??
      null
    const message =
      has.text('api.error.message', ...(aliases.message ?? [])) ??
      (span.status?.message || undefined) ??
      has.text('exception.message') ??
      thrown.text('exception.message') ??
      ''
    errors.push({
      ...row,
      code: cut(code),
      kind: KINDS[kind] ?? 'unspecified',
      retry_after_ms: wait,
      message: scrubbed(message),
    })
  }

  function limitsOf(span: Span, has: Attributes) {
    const names = ['name', 'limit', 'remaining', 'reset_ms'].map((name) => `api.ratelimit.${name}`)
    const headers = (span.attributes ?? [])
      .filter(({ key = '' }) => key.startsWith(RESPONSE) && /rate.?limit/.test(key.slice(RESPONSE.length)))
      .flatMap(({ key = '', value }) => {
        const text = textOf(value)
        return text === undefined ? [] : [{ key, text }]
      })
    const [name, limit, remaining, reset] = names.map((key) => has.list(key) ?? [])
    const isAny = headers.length > 0 || names.some((key) => has.list(key) !== undefined)
    const read = (endMs: number) => {
      const found = new Map<
        string | number,
        { name: string; limit: number | null; remaining: number | null; reset: number | null }
      >()
      const open = (key: string | number, called: string) => {
        const one = found.get(key) ?? { name: called, limit: null, remaining: null, reset: null }
        found.set(key, one)
        return one
      }
      const length = Math.max(
        0,
        ...[limit!, remaining!].map(
          (list) => list.findLastIndex((value) => wholeOf(value) !== undefined) + 1,
        ),
      )
      for (let i = 0; i < length; i++) {
        const called = name![i]?.stringValue ?? ''
        const one = open(i, called)
        one.limit = wholeOf(limit![i]) ?? null
        one.remaining = wholeOf(remaining![i]) ?? null
      }
      // A reset alone, beyond the readings, is not worth a row.
      for (let i = 0; i < length; i++) {
        const ms = wholeOf(reset![i])
        if (ms !== undefined) found.get(i)!.reset = Math.floor(endMs + ms)
      }
      if (length === 0) {
        const put = (called: string, column: 'limit' | 'remaining' | 'reset', number: number) => {
          if (number >= 0 && number <= Number.MAX_SAFE_INTEGER)
            open(called, called)[column] = Math.floor(number)
        }
        for (const { key, text } of headers) {
          const { kind, limit: called } = readHeaderName(key)
          if (kind === 'limit' || kind === 'remaining')
            put(called, kind, Number(/^\s*"?(\d{1,15})(?!\d)/.exec(text)?.[1] ?? Number.NaN))
          else if (kind === 'reset') put(called, kind, resetMs(text, endMs))
          else if (kind === 'reset-after') put(called, 'reset', endMs + Number.parseFloat(text) * 1000)
          else if (kind !== 'other')
            for (const item of limitItems(text)) {
              const { q, r, t, limit: most, remaining: left, reset: after } = item.parameters
              put(item.name, 'limit', Number.parseFloat(q ?? most ?? ''))
              put(item.name, 'remaining', Number.parseFloat(r ?? left ?? ''))
              put(item.name, 'reset', endMs + Number.parseFloat(t ?? after ?? '') * 1000)
            }
        }
      }
      return [...found.values()]
        .filter((one) => one.limit !== null || one.remaining !== null)
        .map((one) => ({
          name: one.name,
          limit: wide(one.limit),
          remaining: wide(one.remaining),
          reset: wide(one.reset),
        }))
    }
    return { isAny, read }
  }
}

const wide = (number: number | null): bigint | null => (number === null ? null : BigInt(number))

/** Of one limit's readings within ten seconds: the lowest, then the last, or the one that is both. */
function lastAndLowest(samples: { row: Row; order: number }[]): Row[] {
  const byTime = samples.toSorted(
    (a, b) => Number((a.row.ts as bigint) - (b.row.ts as bigint)) || a.order - b.order,
  )
  const last = byTime.at(-1)!
  const lowest = byTime
    .filter(({ row }) => row.remaining !== null)
    .reduce<typeof last | undefined>(
      (best, one) =>
        best === undefined || (one.row.remaining as bigint) <= (best.row.remaining as bigint) ? one : best,
      undefined,
    )
  return lowest === undefined || lowest === last ? [last.row] : [lowest.row, last.row]
}

type Attributes = ReturnType<typeof attributesOf>
function attributesOf(attributes: KeyValue[] = []) {
  const named = (name: string) =>
    attributes.filter(({ key = '' }) => key === name || key === underscored(name))
  return {
    /** Of the first name with a readable value, the last such value. */
    text: (...names: string[]) =>
      names
        .map((name) => lastOf(named(name).map(({ value }) => textOf(value))))
        .find((text) => text !== undefined),
    number: (max: number, ...names: string[]) =>
      names
        .map((name) => lastOf(named(name).map(({ value }) => numberOf(value, max))))
        .find((number) => number !== undefined),
    list: (name: string): AnyValue[] | undefined =>
      lastOf(
        named(name).map(({ value }) => {
          if (value?.arrayValue !== undefined) return value.arrayValue.values ?? []
          const isScalar =
            value?.intValue !== undefined || value?.doubleValue !== undefined || value?.stringValue
          return isScalar ? [value!] : undefined
        }),
      ),
  }
}

const underscored = (name: string) => {
  const [, prefix, header] = /^(http\.(?:request|response)\.header\.)(.*)$/.exec(name) ?? []
  return header === undefined ? name : prefix + header.replaceAll('-', '_')
}
const lastOf = <T>(values: (T | undefined)[]): T | undefined =>
  values.findLast((value) => value !== undefined)

function textOf(value: AnyValue | undefined): string | undefined {
  if (value?.stringValue !== undefined) return value.stringValue || undefined
  if (value?.intValue !== undefined) return value.intValue
  return value?.arrayValue?.values?.find(({ stringValue }) => stringValue)?.stringValue
}

function numberOf(value: AnyValue | undefined, max: number): number | undefined {
  const number = wholeOf(value?.arrayValue === undefined ? value : { stringValue: textOf(value) })
  return number !== undefined && number <= max ? number : undefined
}

function wholeOf(value: AnyValue | undefined): number | undefined {
  if (value?.intValue !== undefined) {
    const number = BigInt(value.intValue)
    return number >= 0n && number <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(number) : undefined
  }
  if (value?.doubleValue !== undefined) {
    const number = value.doubleValue
    return number >= 0 && number <= Number.MAX_SAFE_INTEGER ? Math.floor(number) : undefined
  }
  const [, digits] = /^ *(\d{1,15}) *$/.exec(value?.stringValue ?? '') ?? []
  return digits === undefined ? undefined : Number(digits)
}

/** At most 256 bytes, whole characters only. */
function cut(text: string): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= 256) return text
  let end = 256
  while ((bytes[end]! & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end)
}

const hex = (id: Buffer | undefined, size: number) => (id?.length ? id.toString('hex') : '00'.repeat(size))

function statusClass(status: number | undefined, rpcFailed: boolean): string {
  if (status === undefined) return rpcFailed ? 'rpc_error' : 'rpc_ok'
  return status >= 100 && status <= 599 ? `${Math.floor(status / 100)}xx` : 'other'
}

function normalHost(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  let host = text
  if (host.startsWith('[')) host = host.slice(1).split(']')[0]!
  else if (host.split(':').length === 2) host = host.split(':')[0]!
  return host.replace(/\.$/, '').replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

function urlHost(text: string | undefined): string | undefined {
  const authority = parseUrl(text ?? '')?.authority
  return authority === undefined ? undefined : normalHost(authority.slice(authority.lastIndexOf('@') + 1))
}

/** Lengths are counted in bytes: the text is taken apart as Latin-1. */
function parseUrl(text: string) {
  const [, authority, rest] =
    /^[^:]{0,15}:\/\/([^/?#]*)(.*)$/s.exec(Buffer.from(text).toString('latin1')) ?? []
  if (authority === undefined) return undefined
  return {
    authority: Buffer.from(authority, 'latin1').toString(),
    rest: Buffer.from(rest!, 'latin1').toString(),
  }
}

function routeOf(text: string): string {
  const path = text.startsWith('/') ? text : (parseUrl(text)?.rest ?? text)
  const segments = path.split(/[?#;]/)[0]!.split('/').filter(Boolean)
  let route = ''
  for (const [index, segment] of segments.entries()) {
    const part = isWord(segment) ? segment : '{id}'
    if (index === 8 || route.length + 1 + part.length > 124) return `${route}/…`
    route += `/${part}`
  }
  return route || '/'
}

function isWord(segment: string): boolean {
  if (/[^-A-Za-z0-9_.~{}:*$]/.test(segment) || segment.length > 32) return false
  const digits = segment.replace(/[^0-9]/g, '').length
  if (digits > 2 || (!/[^0-9.~{}:*$_-]/.test(segment) && digits > 0)) return false
  return !(segment.length >= 12 && digits > 0 && /[a-z]/.test(segment) && /[A-Z]/.test(segment))
}

function productOf(userAgent: string): string {
  return /^[!-')-~]{0,64}/.exec(userAgent)![0]
}

function isCode(text: string): boolean {
  if (text.length > 128 || text === '_OTHER' || !/^[-A-Za-z0-9_./:]+$/.test(text) || text.includes('::'))
    return false
  if (!/[A-Za-z]/.test(text)) return false
  if (!/[a-z]/.test(text) || !/[A-Z]/.test(text)) return true
  if (/[./:]/.test(text) || /(Exception|Error|Fault)$/.test(text)) return false
  return /^[a-z]/.test(text) || /[-_]/.test(text)
}

function waitOf(text: string | undefined, nowMs: number): number | undefined {
  const wait = text === undefined ? -1 : retryAfterMs(text, nowMs)
  return wait < 0 ? undefined : wait
}

const scrubber = new Scrubber()
function scrubbed(message: string): string {
  const bytes = Buffer.from(message)
  const length = scrubber.scrub(bytes, 0, bytes.length)
  return length < 0 ? cut(message) : scrubber.out.toString('utf8', 0, length)
}
