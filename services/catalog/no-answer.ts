// When no answer came at all, what stands in place of a code is a word of the client's system or library: the
// connection's fault, which no API documents. Told by the letters, and only where there was no HTTP status.

/** Node and every other system; TLS; undici and Node's parser. */
const OF_A_SYSTEM =
  /^(?:E(?:CONN(?:REFUSED|RESET|ABORTED)|TIMEDOUT|HOST(?:UNREACH|DOWN)|NET(?:UNREACH|DOWN|RESET)|NOTFOUND|PIPE|ADDRNOTAVAIL|PROTO)|EAI_[A-Z]+|ERR_(?:SOCKET|HTTP2|TLS|SSL|STREAM)_[A-Z_]+|UND_ERR_[A-Z_]+|HPE_[A-Z_]+|CERT_[A-Z_]+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:GET|VERIFY)_[A-Z_]+)$/
/** `error.type` as OpenTelemetry and .NET write it. */
const OF_A_CONVENTION =
  /^(?:timeout|name_resolution_error|connection_error|secure_connection_error|proxy_tunnel_error|response_ended|server_certificate_invalid)$/

export const isNoAnswer = (code: string, status: number): boolean =>
  status === 0 && (OF_A_SYSTEM.test(code) || OF_A_CONVENTION.test(code))
