import { isWord } from './code-text.ts'

// The `type` of problem details (RFC 9457) is an address; what it calls the problem is its fragment or last segment.

/** Last segments that name a page of documentation and not a problem. */
const PAGES =
  /^(?:errors?|error-?codes?|error-?handling|index|overview|probs?|problems?|problem-types?|ref(?:erence)?|responses?|status(?:-?codes?)?|developers?|support|help|api|apis|guides?|docs?|documentation|exceptions?|faults?|rfc\d+|draft-.*|v\d[\d.]*|section-.*|page-.*|appendix-.*|\d+)$/i

/** `https://api.example/problems/out-of-credit` → `out-of-credit`; null where it names none. */
export function problemCode(type: string): string | null {
  if (type.length > 512 || type === 'about:blank') return null
  const [address = '', fragment = ''] = type.split('#', 2)
  // A specification of HTTP, which only repeats the status.
  if (/\/rfc-?\d|datatracker|httpstatus|www\.w3\.org|developer\.mozilla/i.test(address)) return null
  const named = nameIn(fragment)
  if (named !== null) return named
  const isAddress = address.includes('://')
  const [path = ''] = address.split('?', 1)
  const segments = path
    .slice(isAddress ? path.indexOf('://') + 3 : 0)
    .split(path.startsWith('urn:') || path.startsWith('tag:') ? /[:/]/ : '/')
    .filter(Boolean)
  // An address without a path has a host only.
  if (isAddress && segments.length < 2) return null
  return nameIn(segments.at(-1) ?? '')
}

function nameIn(segment: string): string | null {
  let name = segment
  try {
    name = decodeURIComponent(segment)
  } catch {}
  name = name.replace(/\.(?:html?|md|json|php|aspx)$/i, '')
  return isWord(name) && !PAGES.test(name) ? name : null
}
