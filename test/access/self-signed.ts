import { execFileSync } from 'node:child_process'
import { renameSync } from 'node:fs'
import { join } from 'node:path'

/** Is there a tool on this machine that makes certificates? */
export const canSign = ((): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

/** A new self-signed certificate of this machine in cert.pem and key.pem, put there as a whole each. */
export function selfSigned(directory: string): { cert: string; key: string } {
  const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const made = ['-keyout', `${key}.new`, '-out', `${cert}.new`, '-days', '2', '-nodes']
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
  execFileSync('openssl', ['req', ...kind, ...made, ...subject], { stdio: 'ignore' })
  renameSync(`${cert}.new`, cert)
  renameSync(`${key}.new`, key)
  return { cert, key }
}
