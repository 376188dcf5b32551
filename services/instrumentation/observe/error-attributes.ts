import type { Attributes } from '@opentelemetry/api'
import type { ReadError } from '../read-error.ts'
import { scrubbed } from '../scrub/scrubbed.ts'
import { limitAttributes } from './limit-attributes.ts'
import { ERROR_CODE, ERROR_MESSAGE, PROVIDER, REQUEST_ID, RETRY_AFTER_MS } from './names.ts'

/** A code is a name; what is longer is none, and would only make dictionaries grow. */
const LONGEST_CODE = 256

export interface WhatToSay {
  /** Whose API it is, where that is known. */
  provider: string | null
  captureMessage: boolean
}

/** What was read of an error, as attributes. Names and ids are bounded, the message is scrubbed. */
export function errorAttributes(error: ReadError, { provider, captureMessage }: WhatToSay): Attributes {
  const attributes = limitAttributes(error.rateLimits)
  if (error.code !== null) attributes[ERROR_CODE] = error.code.slice(0, LONGEST_CODE)
  if (provider !== null) attributes[PROVIDER] = provider
  if (error.requestId !== null) attributes[REQUEST_ID] = error.requestId.slice(0, LONGEST_CODE)
  if (error.retryAfterMs !== null) attributes[RETRY_AFTER_MS] = error.retryAfterMs
  if (captureMessage && error.message !== null && error.message !== '') {
    attributes[ERROR_MESSAGE] = scrubbed(error.message)
  }
  return attributes
}
