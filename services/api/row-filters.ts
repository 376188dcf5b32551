import { z } from 'zod'
import { storedId } from '../contract/stored-id.ts'
import { KINDS } from '../contract/vocabulary.ts'
import { FILTERS, id, oneOf, text, wholeNumber } from './parameters.ts'

const hex = (digits: number) =>
  z
    .string(`give ${digits} hexadecimal digits, once`)
    .regex(new RegExp(`^[0-9a-fA-F]{${digits}}$`), `give ${digits} hexadecimal digits`)
const storedAs = () => id().transform(storedId)
const LARGEST_U16 = 65_535
const LARGEST_U32 = 4_294_967_295

/** Every column of a row, each as a filter for one value of it. */
export const ROW_FILTERS = {
  ...FILTERS,
  side: FILTERS.side.unwrap().optional().describe('Whose end of the call saw it; both, without this.'),
  code: text()
    .optional()
    .meta({
      description: 'One code; errors that the API gave none for are `standing=uncoded`.',
      examples: ['RATE_LIMIT_EXCEEDED'],
    }),
  status: wholeNumber(0, LARGEST_U16).optional().describe('HTTP status; 0 where it was not seen over HTTP.'),
  retryable: oneOf(['true', 'false'])
    .transform((written) => written === 'true')
    .optional()
    .describe('May a program send it again by itself?'),
  kind: oneOf(KINDS).optional().describe('The kind of the span.'),
  service_version: text().optional(),
  route: text().optional(),
  method: text().optional(),
  server_address: text().optional(),
  request_id: storedAs().optional(),
  other_request_ids: storedAs().optional().describe('Has this one among its other request ids.'),
  trace_id: hex(32).optional(),
  span_id: hex(16).optional(),
  parent_span_id: hex(16).optional(),
  call_id: storedAs().optional(),
  attempt: wholeNumber(0, LARGEST_U16).optional().describe('0 is the first try.'),
  consumer: storedAs().optional(),
  sdk: text().optional(),
  retry_after_ms: wholeNumber(0, LARGEST_U32).optional(),
  duration_ms: z
    .string('give a number, once')
    .regex(/^\d{1,9}(\.\d{1,9})?$/, 'give a number')
    .meta({ type: 'number' })
    .transform(Number)
    .optional(),
  message: text().optional().describe('The whole message.'),
  origin: text().optional(),
  origin_offset: wholeNumber(0, 999_999_999_999_999).optional(),
  origin_index: wholeNumber(0, LARGEST_U32).optional(),
}
