import { explicitCode, isWord, repeatsStatus, unqualified } from './code-text.ts'
import type { ResponseHeaders } from './headers.ts'
import { ofName } from './of-name.ts'

// Codes that stand in headers, most telling first.

/** gRPC's codes by number, as `grpc-status` sends them. */
const GRPC =
  `OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED
  RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS
  UNAUTHENTICATED`.split(/\s+/)

/** Headers like x-ms-error-code, x-amz-error-code, x-mashery-error-code, x-clickhouse-exception-code. */
const ERROR_CODE = /(?:^|-)(?:error-?code|exception-?code|error-?type|err-?code)$/
const isErrorCode = ofName((name) => ERROR_CODE.test(name))
const CHALLENGE = /\berror="?([A-Za-z][\w.-]{1,80})/

export interface HeaderCodes {
  /** Beats the body: it says what the body's code is called for clients of an older protocol. */
  first: string | null
  /** As good as a code of the body that is not called a code. */
  good: string | null
  /** Where nothing else says anything. */
  last: string | null
}

export function headerCodes(headers: ResponseHeaders, status: number): HeaderCodes {
  const query = headers.get('x-amzn-query-error')?.split(';', 1)[0]?.trim() || null
  const awsType = headers.get('x-amzn-errortype')
  let good = awsType === undefined ? null : wordOf(awsType.split(',', 1)[0]!)
  let last: string | null = null
  for (const [name, value] of headers) {
    if (!isErrorCode(name)) continue
    const code = explicitCode(value)
    if (code === null || (/^\d{3}$/.test(code) && repeatsStatus(Number(code), status))) continue
    if (/^\d+$/.test(code)) last ??= code
    else good ??= unqualified(code)
  }
  last ??= grpcCode(headers) ?? CHALLENGE.exec(headers.get('www-authenticate') ?? '')?.[1] ?? null
  return { first: query, good, last }
}

function wordOf(value: string): string | null {
  const name = unqualified(value.trim())
  const word = name.includes(':') ? name.slice(0, name.indexOf(':')) : name
  return isWord(word) ? word : null
}

function grpcCode(headers: ResponseHeaders): string | null {
  const number = Number(headers.get('grpc-status') ?? 0)
  return number > 0 ? (GRPC[number] ?? null) : null
}

/** gRPC and OAuth put their words into headers too. */
export function headerMessage(headers: ResponseHeaders): string | null {
  const grpc = headers.get('grpc-message')
  if (grpc !== undefined) {
    try {
      return decodeURIComponent(grpc)
    } catch {
      return grpc
    }
  }
  return /\berror_description="([^"]{1,500})"/.exec(headers.get('www-authenticate') ?? '')?.[1] ?? null
}
