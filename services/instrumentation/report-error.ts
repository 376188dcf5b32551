import { type Attributes, type Span, SpanKind, trace } from '@opentelemetry/api'
import { report } from './guard.ts'
import { errorAttributes } from './observe/error-attributes.ts'
import { ERROR_TYPE, RESEND_COUNT, SERVER_ADDRESS, STATUS } from './observe/names.ts'
import { isNetworkCode } from './report-error/own-code.ts'
import { type ReadException, readException } from './report-error/read-exception.ts'
import { reporting, reportTracer } from './report-error/reporting.ts'

export type { ReadException } from './report-error/read-exception.ts'

export interface ReportErrorOptions {
  /** Whose API it is, where neither the exception nor the catalogs tell. */
  provider?: string
}

/**
 * Says on the active span what an exception of a vendor's SDK or of an HTTP client means, and answers it; null for what
 * is no failure of an API. Where the active span is the one of the request that this process serves, it gets a child for
 * it: the error of somebody else's API is not the answer of ours. Never throws.
 */
export function reportError(thrown: unknown, { provider }: ReportErrorOptions = {}): ReadException | null {
  try {
    const { catalogs, captureMessage, countError, sees } = reporting()
    const read = readException(thrown, { provider, catalogs })
    if (read === null) return null
    say({ ...attributesOf(read), ...errorAttributes(read, { provider: read.provider, captureMessage }) })
    if (!sees || isUnseen(read)) count(read, countError)
    return read
  } catch (error) {
    report(error)
    return null
  }
}

function attributesOf({ status, host, attempt, code }: ReadException): Attributes {
  return {
    ...(status !== null && { [STATUS]: status }),
    ...(host !== null && { [SERVER_ADDRESS]: host }),
    ...(attempt !== null && attempt > 0 && { [RESEND_COUNT]: attempt }),
    ...(status === null && code !== null && { [ERROR_TYPE]: code }),
  }
}

function say(attributes: Attributes): void {
  const active = trace.getActiveSpan()
  if (active === undefined) return
  const kind = (active as Span & { kind?: SpanKind }).kind
  if (kind !== SpanKind.SERVER && kind !== SpanKind.CONSUMER) {
    active.setAttributes(attributes)
    return
  }
  reportTracer().startSpan('API error', { kind: SpanKind.INTERNAL, attributes }).end()
}

/** No answer over HTTP that the instrumentation could have seen: gRPC's, and what says 200 and failed. */
const isUnseen = ({ status, code }: ReadException): boolean => status === null && !isNetworkCode(code ?? '')

function count(read: ReadException, countError: ReturnType<typeof reporting>['countError']): void {
  const { code, status, provider, host } = read
  const isNetwork = isNetworkCode(code ?? '')
  countError({
    code: isNetwork ? null : code,
    provider,
    status,
    type: status !== null ? String(status) : (code ?? '_OTHER'),
    ...(host !== null && { host }),
  })
}
