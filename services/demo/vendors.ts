import type { PhaseName, VendorName } from './scenario.ts'

// The vendors' side of the story: what their APIs answer, in the words of their catalogs, and what they allow.

/** An answer that is no success, and the share of the calls that get it, of those that no fault before it got. */
export interface Fault {
  share: number
  status: number
  /** null: a proxy's page, without any code. */
  code: string | null
  message: string
  retryAfterS?: number
  /** Only while that is so. */
  during?: PhaseName
  /** Only while that is not so. */
  before?: PhaseName
}

export interface Endpoint {
  /** A word in the place of each id: `GET /v1/sessions/:id`. */
  route: string
  latencyMs: [fastest: number, slowest: number]
  faults: Fault[]
}

export interface Limit {
  /** The headers it is told by. */
  style: 'x-ratelimit' | 'ratelimit'
  name: string
  windowMinutes: number
  /** Of the window: so much is left when the history begins, and so much now; then it drains on. */
  drain?: { before: number; now: number; callsPerMinute: number; exhausted: Fault }
  perWindow?: number
}

export interface Vendor {
  endpoints: Endpoint[]
  limit?: Limit
}

export const VENDORS: Record<VendorName, Vendor> = {
  'session-api': {
    limit: { style: 'x-ratelimit', name: '', windowMinutes: 1, perWindow: 600 },
    endpoints: [
      {
        route: 'POST /v1/sessions',
        latencyMs: [60, 220],
        faults: [
          { share: 0.9, during: 'storm', status: 504, code: 'BACKEND_TIMEOUT', message: 'Backend timeout' },
          { share: 0.006, status: 504, code: 'BACKEND_TIMEOUT', message: 'Backend timeout' },
          {
            share: 0.07,
            during: 'deployed',
            status: 422,
            code: 'SESSION_REGION_MISMATCH',
            message: 'Region eu-west-3 is not served by this account',
          },
          {
            share: 0.07,
            before: 'drift',
            status: 409,
            code: 'PRODUCT_OUT_OF_STOCK',
            message: 'Out of stock',
          },
          {
            share: 0.07,
            during: 'drift',
            status: 400,
            code: 'PRODUCT_OUT_OF_STOCK',
            message: 'Out of stock',
          },
          { share: 0.012, status: 401, code: 'AUTH_EXPIRED_TOKEN', message: 'JWT expired' },
          { share: 0.008, status: 402, code: 'INSUFFICIENT_BALANCE', message: 'Balance too low' },
        ],
      },
      {
        route: 'GET /v1/sessions/:id',
        latencyMs: [20, 90],
        faults: [
          {
            share: 0.08,
            status: 429,
            code: 'RATE_LIMIT_EXCEEDED',
            message: 'Too many requests',
            retryAfterS: 20,
          },
          { share: 0.03, status: 404, code: 'SESSION_NOT_FOUND', message: 'Session missing' },
          { share: 0.015, status: 410, code: 'SESSION_EXPIRED', message: 'Session expired' },
        ],
      },
    ],
  },
  'wallet-gateway': {
    endpoints: [
      {
        route: 'POST /v1/charges',
        latencyMs: [90, 300],
        faults: [
          {
            share: 0.55,
            during: 'outage',
            status: 503,
            code: 'VENDOR_DOWN',
            message: 'The card processor does not answer',
          },
          {
            share: 0.03,
            status: 402,
            code: 'INSUFFICIENT_CREDIT',
            message: 'Wallet balance is below the cost',
          },
          { share: 0.01, status: 503, code: 'VENDOR_TIMEOUT', message: 'The card processor took too long' },
          { share: 0.006, status: 402, code: 'KYC_REQUIRED', message: 'Identity verification is needed' },
        ],
      },
      {
        route: 'POST /v1/payouts',
        latencyMs: [70, 200],
        faults: [
          {
            share: 0.2,
            status: 402,
            code: 'WALLET_CAP_EXCEEDED',
            message: 'Wallet has reached its balance cap',
          },
          {
            share: 0.05,
            status: 429,
            code: 'RATE_LIMIT_USER',
            message: 'Too many payouts at a time',
            retryAfterS: 3,
          },
        ],
      },
    ],
  },
  'generation-api': {
    limit: {
      style: 'ratelimit',
      name: 'calls',
      windowMinutes: 24 * 60,
      drain: {
        before: 0.62,
        now: 0.14,
        callsPerMinute: 10,
        exhausted: {
          share: 1,
          status: 402,
          code: 'INSUFFICIENT_CREDITS',
          message: 'API call limit reached',
        },
      },
    },
    endpoints: [
      {
        route: 'POST /v1/images',
        latencyMs: [150, 600],
        faults: [
          { share: 0.02, status: 502, code: null, message: 'Bad Gateway' },
          {
            share: 0.02,
            status: 429,
            code: 'CONCURRENT_GENERATION_LIMIT',
            message: 'Too many active generation jobs',
            retryAfterS: 2,
          },
          { share: 0.012, status: 400, code: 'invalid_request', message: 'prompt must not be empty' },
        ],
      },
    ],
  },
}
