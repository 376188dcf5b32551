import { readFile, stat } from 'node:fs/promises'
import type { Server } from 'node:http'
import { createServer, type Server as TlsServer } from 'node:https'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import type { NewServer } from '../contract/new-server.ts'
import type { Notice } from '../contract/notice.ts'

interface Files {
  cert: string
  key: string
}

export interface Certificate {
  /** In place of node:http's: the same server behind TLS, always with the newest certificate. */
  newServer: NewServer
  close(): void
}

/** A certificate is renewed weeks before it ends. */
const LOOK_AGAIN_MS = 2_000
/** Node would wait two minutes for who connects and says nothing. */
const HANDSHAKE_MS = 10_000

/**
 * The certificate of a pair of files, read again when they change: servers then use the new one for new connections.
 * One that cannot be used is told of, and the one before stays.
 */
export async function openCertificate(
  files: Files,
  notice: Notice,
  lookAgainMs = LOOK_AGAIN_MS,
): Promise<Certificate> {
  const servers = new Set<TlsServer>()
  let seen = await signatureOf(files)
  let options = await read(files)

  async function look(): Promise<void> {
    const now = await signatureOf(files)
    if (now === seen) return
    // First, or files that stay wrong would be told of every time.
    seen = now
    options = await read(files)
    for (const server of servers) server.setSecureContext(options)
    notice('the TLS certificate was read again', { ...files })
  }
  const looking = setInterval(
    () =>
      look().catch((error: Error) =>
        notice('the new TLS certificate cannot be used; the one before stays', { reason: error.message }),
      ),
    lookAgainMs,
  )
  looking.unref()

  return {
    newServer(http, listener) {
      const server = createServer({ ...http, ...options, handshakeTimeout: HANDSHAKE_MS }, listener)
      servers.add(server)
      // What fails before there is a connection cannot be answered.
      server.removeAllListeners('tlsClientError').on('tlsClientError', (_error, socket) => socket.destroy())
      server.on('close', () => servers.delete(server))
      // Node has a class for each, with the same methods and events.
      return server as unknown as Server
    },
    close: () => clearInterval(looking),
  }
}

async function read({ cert, key }: Files): Promise<SecureContextOptions> {
  try {
    const options: SecureContextOptions = {
      cert: await readFile(cert),
      key: await readFile(key),
      minVersion: 'TLSv1.2',
    }
    createSecureContext(options)
    return options
  } catch (error) {
    throw new Error(
      `tls.cert ${cert} and tls.key ${key} cannot be used: ${(error as Error).message}. ` +
        'They must be PEM files that can be read, the certificate with its chain and its key without a password.',
      { cause: error },
    )
  }
}

/** Changes when a file is written, or another is put in its place. */
async function signatureOf({ cert, key }: Files): Promise<string> {
  const parts = await Promise.all(
    [cert, key].map((file) =>
      stat(file).then(
        ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
        () => 'missing',
      ),
    ),
  )
  return parts.join(', ')
}
