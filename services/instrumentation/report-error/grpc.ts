import { valueAt } from '../read-error/tree.ts'

const NAMES =
  'OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED'.split(
    ' ',
  )

/**
 * A gRPC status, as @grpc/grpc-js and google-gax throw it, in the form of `google.rpc.Status`, which says the same as
 * JSON; null for what is none.
 */
export function grpcBody(exception: object): object | null {
  const code = valueAt(exception, 'code')
  const words = valueAt(exception, 'details')
  if (typeof code !== 'number' || typeof words !== 'string') return null
  const status = code > 0 ? NAMES[code] : undefined
  if (status === undefined || typeof valueAt(exception, 'metadata') !== 'object') return null
  const reason = valueAt(exception, 'reason')
  const given = valueAt(exception, 'statusDetails')
  const details = Array.isArray(given) ? [...given] : []
  // google-gax has taken the ErrorInfo out of the details already.
  if (typeof reason === 'string' && reason !== '') {
    const domain = valueAt(exception, 'domain')
    details.push({ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain })
  }
  return { error: { status, message: words, details } }
}

/** The metadata as headers: grpc-js gives each name all its values. */
export function grpcHeaders(exception: object): unknown {
  const metadata = valueAt(exception, 'metadata')
  if (typeof metadata !== 'object' || metadata === null) return undefined
  const getMap = valueAt(metadata, 'getMap')
  return typeof getMap === 'function' ? getMap.call(metadata) : undefined
}
