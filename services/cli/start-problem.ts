import type { Config } from '../config.ts'
import { errorOf } from '../contract/thrown.ts'

interface SystemError extends Error {
  code?: string
  port?: number
  path?: string
  syscall?: string
}

/** Why `up` could not start, and what to do about it. */
export function startProblem(thrown: unknown, { host, port, otlpPort, data, clickhouse }: Config): string {
  const error = errorOf(thrown) as SystemError
  if (error.syscall === 'listen') {
    const isOtlp = error.port === otlpPort && error.port !== port
    const [flag, number] = isOtlp ? ['--otlp-port', otlpPort] : ['--port', port]
    if (error.code === 'EADDRINUSE') {
      return `port ${number} on ${host} is in use. Stop what listens there, or choose another with ${flag} (0 takes any free one).`
    }
    if (error.code === 'EACCES') {
      return `this user may not listen on port ${number}. Choose one above 1023 with ${flag}.`
    }
    return `cannot listen on ${host}:${number} (${error.code}). Choose another with --host or ${flag}.`
  }
  if (clickhouse.url !== undefined && (error.syscall === 'connect' || error.syscall === 'getaddrinfo'))
    return `ClickHouse at ${clickhouse.url} does not answer (${error.code}). Start it, or change TELLTALE_CLICKHOUSE_URL.`
  if (clickhouse.url !== undefined && error.code !== undefined && UNTRUSTED.has(error.code))
    return `the certificate of ClickHouse at ${clickhouse.url} is not trusted (${error.code}). Name the file of who signed it in TELLTALE_CLICKHOUSE_CA.`
  if (error.syscall === 'getaddrinfo')
    return `${host} is no address of this machine (${error.code}). Give another with --host.`
  const about = error.code && DIRECTORY[error.code]
  if (about && (error.code === 'ENOSPC' || error.code === 'EDQUOT'))
    return `${data}: ${about}. Make room and start it again: what was acknowledged is kept.`
  if (about && error.path)
    return `${error.path}: ${about}. ${data} must be a directory that can be written; --data names another.`
  return error.message
}

const UNTRUSTED = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

const DIRECTORY: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'nothing can be made there',
  ENAMETOOLONG: 'the name is too long',
  ENOTDIR: 'there is a file in the way',
  EEXIST: 'there is a file in the way',
}
