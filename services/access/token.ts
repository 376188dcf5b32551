import { hash, randomBytes } from 'node:crypto'
import { TOKEN_PREFIX } from '../contract/token-text.ts'

/** 256 bit: nobody guesses one, so a fast hash without salt keeps it as well as a slow one would. */
const SECRET_BYTES = 32

export const newToken = (): string => TOKEN_PREFIX + randomBytes(SECRET_BYTES).toString('base64url')

/** Shorter than what it names: it is typed, and says nothing of the secret. */
export const newTokenId = (): string => `tok_${randomBytes(6).toString('hex')}`

/** All that is kept of a token. */
export const tokenHash = (token: string): Buffer => hash('sha256', token, 'buffer')

const BEARER = /^bearer +(\S+) *$/i

/** The token of an `Authorization` header; '' where that holds none. */
export const bearerOf = (authorization: string): string => BEARER.exec(authorization)?.[1] ?? ''
