import { type CompiledCatalog, type CompiledCatalogs, catalogFinder } from '../catalogs.ts'
import { valueAt } from '../read-error/tree.ts'
import { type ReadError, readError } from '../read-error.ts'
import { responseOf } from './exception-response.ts'
import { exceptionsIn } from './exceptions.ts'
import { networkCode, ownCode } from './own-code.ts'

export interface ReadException extends ReadError {
  /** HTTP's; null where no response came, or over another protocol. */
  status: number | null
  /** Whose API it was, by the catalogs; null where they do not know, or the exception does not. */
  provider: string | null
  host: string | null
  /** How often it had been sent before, where the client counts. */
  attempt: number | null
}

export interface ReadExceptionOptions {
  /** Whose API it is, where neither the exception nor its host tells. */
  provider?: string
  /** Whom it was sent to, where the exception does not tell. */
  host?: string
  catalogs?: CompiledCatalogs
  /** Unix ms, for dates; default: now. */
  now?: number
}

/**
 * What an exception of a vendor's SDK or of an HTTP client says: the outermost in its chain of causes that stands for
 * an API's answer, else the one that says why none came. Null where none does. Pure, and never throws.
 */
export function readException(thrown: unknown, options: ReadExceptionOptions = {}): ReadException | null {
  try {
    const exceptions = exceptionsIn(thrown)
    for (const exception of exceptions) {
      const read = readAnswer(exception, options)
      if (read !== null) return read
    }
    for (const exception of exceptions) {
      const code = networkCode(exception)
      if (code !== null) return withoutAnswer(exception, code, options)
    }
    return null
  } catch {
    // A hostile exception: one whose properties throw where even a guarded look does not help.
    return null
  }
}

function readAnswer(exception: object, options: ReadExceptionOptions): ReadException | null {
  const response = responseOf(exception)
  const { status, headers, body } = response
  const host = response.host ?? options.host ?? null
  const catalog = catalogOf(host, options)
  const read = readError(
    { status, headers, body },
    { envelope: catalog?.envelope, limits: catalog?.limits, now: options.now },
  )
  const own = ownCode(exception, status)
  if (read === null && !(own !== null && isOfAnApi(exception, response.requestId))) return null
  return {
    ...(read ?? NOTHING),
    code: read?.code ?? own,
    message: read?.message ?? messageOf(exception),
    requestId: read?.requestId ?? response.requestId,
    retryAfterMs: read?.retryAfterMs ?? waitOf(exception),
    status: status === 0 ? null : status,
    provider: options.provider ?? catalog?.provider ?? null,
    host,
    attempt: response.attempt,
  }
}

function withoutAnswer(exception: object, code: string, options: ReadExceptionOptions): ReadException {
  const { host, attempt } = responseOf(exception)
  const asked = valueAt(exception, 'hostname')
  const known = host ?? (typeof asked === 'string' ? asked : (options.host ?? null))
  const provider = options.provider ?? catalogOf(known, options)?.provider ?? null
  return { ...NOTHING, code, message: messageOf(exception), status: null, provider, host: known, attempt }
}

const NOTHING: ReadError = {
  code: null,
  message: null,
  requestId: null,
  retryAfterMs: null,
  shouldRetry: null,
  rateLimits: [],
  details: null,
}

/** Any exception may have a `code`; one of an API has something else of an API as well. */
const isOfAnApi = (exception: object, requestId: string | null): boolean =>
  requestId !== null || typeof valueAt(exception, '$metadata') === 'object'

/** Slack's client says in seconds how long to wait, and keeps nothing else of the answer. */
function waitOf(exception: object): number | null {
  const seconds = valueAt(exception, 'retryAfter')
  return typeof seconds === 'number' && seconds >= 0 && seconds < 86_400 * 366 ? seconds * 1000 : null
}

function messageOf(exception: object): string | null {
  const message = valueAt(exception, 'message')
  return typeof message === 'string' && message !== '' ? message : null
}

function catalogOf(
  host: string | null,
  { catalogs, provider }: ReadExceptionOptions,
): CompiledCatalog | null {
  if (catalogs === undefined) return null
  const named = catalogs.catalogs.find((catalog) => catalog.provider === provider)
  return named ?? (host === null ? null : finderOf(catalogs)(host))
}

/** Made once for each set of catalogs. */
const finders = new WeakMap<CompiledCatalogs, ReturnType<typeof catalogFinder>>()
function finderOf(catalogs: CompiledCatalogs): ReturnType<typeof catalogFinder> {
  let finder = finders.get(catalogs)
  if (finder === undefined) {
    finder = catalogFinder(catalogs)
    finders.set(catalogs, finder)
  }
  return finder
}
