import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net, { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { afterAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { openCertificate } from '../../services/access/certificate.ts'
import { eventually, MiB, post, startIntake } from '../intake/start-intake.ts'
import { canSign, selfSigned } from './self-signed.ts'

const root = mkdtempSync(join(tmpdir(), 'telltale-tls-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
beforeEach(({ skip }) => skip(!canSign, 'needs openssl on PATH to make certificates'))

async function start() {
  const directory = mkdtempSync(join(root, 'cert-'))
  const files = selfSigned(directory)
  const notices: string[] = []
  const certificate = await openCertificate(files, (message) => notices.push(message), 5)
  const server = certificate.newServer({}, (_request, response) => response.end('hello'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    certificate.close()
    server.closeAllConnections()
    server.close()
  })
  return { directory, files, notices, certificate, port: (server.address() as AddressInfo).port }
}

const options = (port: number) => ({ host: '127.0.0.1', port, rejectUnauthorized: false })

/** Which certificate a new connection gets. */
async function fingerprint(port: number): Promise<string> {
  const socket = tls.connect(options(port))
  await once(socket, 'secureConnect')
  const { fingerprint256 } = socket.getPeerCertificate()
  socket.destroy()
  return fingerprint256
}

async function get(port: number, agent: https.Agent): Promise<string> {
  const [response] = await once(https.get({ ...options(port), agent }), 'response')
  return Buffer.concat(await response.toArray()).toString()
}

test('a changed certificate is used for new connections, and open ones go on', async () => {
  const { directory, files, notices, port } = await start()
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  expect(await get(port, agent)).toBe('hello')
  const before = await fingerprint(port)
  selfSigned(directory)
  await vi.waitFor(async () => expect(await fingerprint(port)).not.toBe(before), { timeout: 15_000 })
  expect(await get(port, agent)).toBe('hello')
  expect(notices.at(-1)).toMatch(/was read again/)
  expect(readFileSync(files.key, 'utf8')).toContain('PRIVATE KEY')
})

test('one that cannot be used is told of once, and the one before stays', async () => {
  const { directory, files, notices, port } = await start()
  const before = await fingerprint(port)
  writeFileSync(files.cert, 'nonsense')
  await eventually(() => expect(notices).toEqual([expect.stringMatching(/cannot be used/)]))
  expect(await fingerprint(port)).toBe(before)
  rmSync(files.key)
  await eventually(() => expect(notices).toHaveLength(2))
  selfSigned(directory)
  await vi.waitFor(async () => expect(await fingerprint(port)).not.toBe(before), { timeout: 15_000 })
})

test.each([
  ['missing', (files: { cert: string }) => rmSync(files.cert), /cert\.pem/],
  ['no PEM', (files: { key: string }) => writeFileSync(files.key, 'x'), /cannot be used/],
])('a file that is %s at the start: which, and what it takes', async (_, spoil, said) => {
  const files = selfSigned(mkdtempSync(join(root, 'cert-')))
  spoil(files)
  await expect(openCertificate(files, () => {})).rejects.toThrow(said)
})

test('a key of another certificate is refused', async () => {
  const one = selfSigned(mkdtempSync(join(root, 'cert-')))
  const other = selfSigned(mkdtempSync(join(root, 'cert-')))
  await expect(openCertificate({ cert: one.cert, key: other.key }, () => {})).rejects.toThrow(/tls\.key/)
})

test('nothing before TLS 1.2, and nothing without TLS', async () => {
  const { port } = await start()
  const old = tls.connect({
    ...options(port),
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  })
  await expect(once(old, 'secureConnect')).rejects.toThrow()
  const twelve = tls.connect({ ...options(port), maxVersion: 'TLSv1.2' })
  await once(twelve, 'secureConnect')
  expect(twelve.getProtocol()).toBe('TLSv1.2')
  twelve.destroy()
  await expect(once(http.get({ host: '127.0.0.1', port }), 'response')).rejects.toThrow()
})

test('the OTLP receiver behind it: requests, limits and closing as without', async () => {
  const { certificate } = await start()
  const { port, intake, received, counters } = await startIntake(undefined, {
    newServer: certificate.newServer,
    bodyBytes: 1 * MiB,
  })
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false })
  const send = (body: Buffer) => post(port, { body, agent, secure: true })
  expect((await send(Buffer.from('spans'))).status).toBe(200)
  expect((await send(Buffer.alloc(1.5 * MiB))).status).toBe(413)
  expect(received).toHaveLength(1)

  const quiet = tls.connect(options(port))
  const shaking = net.connect(port, '127.0.0.1')
  await Promise.all([once(quiet, 'secureConnect'), once(shaking, 'connect')])
  for (const socket of [quiet, shaking]) socket.on('error', () => undefined)
  const plain = net.connect(port, '127.0.0.1').on('error', () => undefined)
  plain.write('POST /v1/traces HTTP/1.1\r\n\r\n')
  await once(plain, 'close')
  expect(counters.answers.other).toEqual({})
  await intake.close()
  await eventually(() => expect([quiet.destroyed, shaking.destroyed]).toEqual([true, true]))
  agent.destroy()
})
