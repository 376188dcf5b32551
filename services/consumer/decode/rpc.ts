import { SPAN } from './attributes.ts'
import type { Captured } from './captured.ts'

// The engine folds constants of a module's own, and looks imported ones up at each use.
const { rpcStatus: RPC_STATUS, grpcStatus: GRPC_STATUS } = SPAN

/** gRPC's status codes by their numbers. */
export const RPC_CODES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
]

export const RPC_NONE = 0
const RPC_OK = 1
export const RPC_FAILED = 2

/** How the remote call ended, as far as the span says; the newer attribute goes before gRPC's own number. */
export function rpcOutcome(captured: Captured): number {
  if (captured.has(RPC_STATUS)) return isOk(captured) ? RPC_OK : RPC_FAILED
  const status = captured.numberOf(GRPC_STATUS)
  if (status < 0) return RPC_NONE
  return status === 0 ? RPC_OK : RPC_FAILED
}

/** `OK` or `0`. */
function isOk(captured: Captured): boolean {
  const bytes = captured.text(RPC_STATUS)
  const { textStart: at, textEnd } = captured
  if (textEnd - at === 1) return bytes[at] === 0x30
  return textEnd - at === 2 && (bytes[at]! | 32) === 0x6f && (bytes[at + 1]! | 32) === 0x6b
}
