// The vocabulary, in words for people.

export const RETRY = {
  never: ['no', 'do not retry'],
  after_wait: ['yes', 'retry after the wait'],
  backoff: ['yes', 'retry with backoff'],
  once: ['yes', 'retry once'],
  after_reauth: ['yes', 'retry after new sign-in'],
  new_idempotency_key: ['no', 'new idempotency key'],
  later: ['yes', 'retry later'],
  unknown: ['unsure', 'retry unknown'],
}

export const STANDING = {
  known: ['calm', 'known', 'This code stands in the catalog of its provider.'],
  deprecated: ['warn', 'deprecated', 'The catalog says that this code goes away.'],
  unknown: ['loud', 'unknown', 'This code is in no catalog of its provider: nobody documented it.'],
  no_catalog: [
    'calm',
    'no catalog',
    'There is no catalog for this API yet: make one, and its codes are known.',
  ],
  mismatched: ['warn', 'mismatched', 'The catalog promises another HTTP status for this code.'],
  uncoded: ['calm', 'uncoded', 'The API gave no code for this error.'],
}

const count = new Intl.NumberFormat('en')
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
export const number = (value) => count.format(value)
export const compact = (value) => (value < 10_000 ? count.format(value) : short.format(value))

export function percent(share) {
  if (share > 0 && share < 0.001) return '< 0.1 %'
  return `${(share * 100).toFixed(share < 0.0995 ? 1 : 0)} %`
}

export function duration(ms) {
  if (ms < 1) return '< 1 ms'
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(ms < 9950 ? 1 : 0))} s`
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} h`
  return `${Math.round(ms / 86_400_000)} days`
}

export const ago = (time, now = Date.now()) => {
  const age = now - Date.parse(time)
  return age < 1000 ? 'just now' : `${duration(age)} ago`
}

/** In UTC, as the command line and the API have it: what people compare is the same for all of them. */
export const clock = (time) =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  }).format(new Date(time))

export const day = (time) =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).format(new Date(time))
