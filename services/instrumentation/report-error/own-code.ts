import { valueAt } from '../read-error/tree.ts'

// What an exception says of itself under `code` and `name`. Much of it is the client library's word for "the server
// answered with an error", which no API's catalog lists.

/** ERR_BAD_REQUEST (axios), ERR_NON_2XX_3XX_RESPONSE (got), UND_ERR_RESPONSE, slack_webapi_platform_error … */
const OF_A_LIBRARY = /^(?:ERR_|UND_ERR_RE(?:SPONSE|Q_RETRY)$|slack_webapi_)/
/** The connection's fault: of Node, of undici, of TLS. */
const OF_THE_NETWORK =
  /^(?:E[A-Z]{3,}|EAI_[A-Z]+|UND_ERR_[A-Z_]+|ERR_(?:SOCKET|HTTP2|TLS|SSL|STREAM)_[A-Z_]+|CERT_[A-Z_]+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_[A-Z_]+|HPE_[A-Z_]+)$/

export const isNetworkCode = (code: string): boolean =>
  OF_THE_NETWORK.test(code) && !/^UND_ERR_RE(?:SPONSE|Q_RETRY)$/.test(code)

/** A code under which no answer came at all. */
export function networkCode(exception: object): string | null {
  const code = valueAt(exception, 'code')
  return typeof code === 'string' && isNetworkCode(code) ? code : null
}

/** The API's code, where the exception carries one itself. */
export function ownCode(exception: object, status: number): string | null {
  const wire = valueAt(exception, 'Code')
  if (typeof wire === 'string' && wire !== '') return wire
  // AWS: an exception is named as its code is.
  const name = valueAt(exception, 'name')
  const isNamed = typeof valueAt(exception, '$metadata') === 'object'
  if (isNamed && typeof name === 'string' && !/^(?:Error|\w*ServiceException|UnknownError)$/.test(name))
    return name
  const code = valueAt(exception, 'code')
  if (typeof code === 'number')
    return code === status || code < 1 || !Number.isInteger(code) ? null : String(code)
  if (typeof code !== 'string' || code === '' || code === String(status) || code.length > 128) return null
  return OF_A_LIBRARY.test(code) || OF_THE_NETWORK.test(code) ? null : code
}
