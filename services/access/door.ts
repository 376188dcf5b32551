import type { Config } from '../config.ts'
import type { NewServer } from '../contract/new-server.ts'
import { createServer } from '../contract/node-http.ts'
import type { Notice } from '../contract/notice.ts'
import { isLoopbackAddress } from './address.ts'
import { openCertificate } from './certificate.ts'
import { createGuard, type Guard } from './guard.ts'
import { createRateLimit } from './rate-limit.ts'
import type { Tokens } from './tokens.ts'

/** How this process is reached, and by whom: the same for every port it listens on. */
export interface Door {
  newServer: NewServer
  isTls: boolean
  /** A guard for one port, with so many requests a minute for each who asks. */
  guardFor(requests: number): Guard
  urlOf(address: { host: string; port: number }): string
  close(): void
}

/** Rejects where anybody could come in and nobody said that they may. */
export async function openDoor(
  { host, data, insecure, tls: { cert, key } }: Pick<Config, 'host' | 'data' | 'insecure' | 'tls'>,
  tokens: Tokens,
  notice: Notice,
): Promise<Door> {
  const isLocal = host === 'localhost' || isLoopbackAddress(host)
  if (!isLocal && !tokens.exist() && !insecure)
    throw new Error(
      `${host} can be reached from other machines, and there is no token yet, so anybody could read and write. ` +
        `Make one: telltale token create --scope admin --data ${data} (or serve anybody on purpose, with --insecure).`,
    )
  const certificate =
    cert !== undefined && key !== undefined ? await openCertificate({ cert, key }, notice) : null
  if (!isLocal && certificate === null)
    notice('tokens are sent where others may read them: set tls.cert and tls.key', { host })
  const scheme = certificate === null ? 'http' : 'https'
  return {
    newServer: certificate?.newServer ?? createServer,
    isTls: certificate !== null,
    guardFor: (requests) =>
      createGuard({ tokens, isLocal, isInsecure: insecure, rate: createRateLimit(requests) }),
    urlOf: (at) => `${scheme}://${at.host.includes(':') ? `[${at.host}]` : at.host}:${at.port}`,
    close: () => certificate?.close(),
  }
}
