import type { ResponseHeaders } from './headers.ts'

// The request id in the headers, in all the spellings; names are compared without hyphens and underscores.

/** By how sure a name is: an id of this request, one that correlates it, one of the network's edge. */
const TIERS: RegExp[] = [
  /^x?(?:request|req)id$/,
  /(?:amznrequestid|amzrequestid|requestid|reqid|requestuuid|requestguid|requestidentifier)$/,
  /(?:correlationid|debugid|logid|fbtraceid|transactionid|activityid|operationid|invocationid|intuittid|pspreference|tid)$/,
  /(?:traceid|trackingid|incidentid|supportid|errorid|eventid)$/,
  /^(?:cfray|xvercelid|xamzcfid|xamzapigwid|xguploaderuploadid|xcloudtracecontext|xakamairequestid|xcdnrequestid|xcache(?:request)?id|xtraceref|xreferenceid|akamaigrn)$/,
]
/** Made by the caller, or of something else than this call. */
const NOT_OURS = /^(?:xamzid2|access)/
const LONGEST = 256

/** The best id of a tier up to `worst` (0..4), or null. */
export function headerRequestId(headers: ResponseHeaders): { id: string; tier: number } | null {
  let best: { id: string; tier: number } | null = null
  for (const [name, value] of headers) {
    const plain = name.replace(/[-_]/g, '')
    if (NOT_OURS.test(plain)) continue
    const tier = TIERS.findIndex((pattern) => pattern.test(plain))
    if (tier < 0 || (best !== null && best.tier <= tier)) continue
    const id = idOf(plain, value)
    if (id !== '') best = { id, tier }
  }
  return best ?? traceOf(headers.get('traceparent') ?? '')
}

function idOf(name: string, value: string): string {
  const [first = ''] = value.split(', ', 1)
  const id = name === 'xcloudtracecontext' ? first.split('/', 1)[0]! : first
  return id.length <= LONGEST && !/\s/.test(id) ? id : ''
}

/** W3C trace context, answered by some servers: version-trace-span-flags. */
function traceOf(traceparent: string): { id: string; tier: number } | null {
  const [, id] = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/.exec(traceparent) ?? []
  return id === undefined ? null : { id, tier: TIERS.length }
}
