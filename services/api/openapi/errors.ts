import { API_ERRORS, type ApiErrorCode } from '../../contract/errors.ts'
import { STATUS_CODES } from '../../contract/node-http.ts'

/** Said where there is no operation that could say it. */
const OF_NO_OPERATION: ApiErrorCode[] = ['not_found', 'method_not_allowed']

/** Codes that any operation may answer: all that no route claims as its own. */
export const commonErrors = (claimed: ApiErrorCode[]): ApiErrorCode[] =>
  (Object.keys(API_ERRORS) as ApiErrorCode[]).filter(
    (code) => !claimed.includes(code) && !OF_NO_OPERATION.includes(code),
  )

export function byStatus(codes: ApiErrorCode[]): Map<string, ApiErrorCode[]> {
  const grouped = new Map<string, ApiErrorCode[]>()
  for (const code of codes) {
    const status = String(API_ERRORS[code].status)
    grouped.set(status, [...(grouped.get(status) ?? []), code])
  }
  return grouped
}

/** Name of the shared answer of a status. */
export const refusalName = (status: string): string => `Refused${status}`

/** Everything a status may mean, code by code. */
export const refusal = (status: string, codes: ApiErrorCode[]) => ({
  description: `${STATUS_CODES[status]}\n\n${codes.map((code) => `- \`${code}\`: ${API_ERRORS[code].message}`).join('\n')}`,
  headers: { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } },
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
})
