import type { ResponseHeaders } from './headers.ts'
import { ofName } from './of-name.ts'

// The request id in the headers, in all the spellings; names are compared without hyphens and underscores.

/** By how sure a name is: an id of this request, one of a part of its way, one that correlates, one of the edge. */
const TIERS: RegExp[] = [
  /^x?(?:request|req)(?:id|uuid)$/,
  /(?<!client|correlation|routing|service|cdn|akamai|edge|parent|original)(?:requestid|reqid|requestuuid|requestguid)$/,
  /(?:requestid|correlationid|debugid|logid|fbtraceid|transactionid|activityid|operationid|invocationid|intuittid)$/,
  /^(?:xtransaction|pspreference|xflowid|xfapiinteractionid|apnsid|xovhqueryid|xclickhousequeryid|xtrackingid|trackingid)$/,
  /(?:traceid|incidentid|supportid|errorid|eventid)$/,
  /^(?:cfray|xvercelid|xamzcfid|xamzapigwid|xguploaderuploadid|xcloudtracecontext|xtraceref|xreferenceid|akamaigrn)$/,
]
const LONGEST = 256

const plain = (name: string): string => name.replace(/[-_]/g, '')
/** -1 for a name of something else. */
const tierOf = ofName((name) => TIERS.findIndex((pattern) => pattern.test(plain(name))))

/** The id of the surest name; the tier says how sure. */
export function headerRequestId(headers: ResponseHeaders): { id: string; tier: number } | null {
  let best: { id: string; tier: number } | null = null
  for (const [name, value] of headers) {
    const tier = tierOf(name)
    if (tier < 0 || (best !== null && best.tier <= tier)) continue
    const id = idOf(plain(name), value)
    if (id !== '') best = { id, tier }
  }
  return best ?? traceOf(headers.get('traceparent') ?? '')
}

function idOf(name: string, value: string): string {
  const [first = ''] = value.split(', ', 1)
  const bare = name === 'xcloudtracecontext' ? first.split('/', 1)[0]! : first
  // X-Amzn-Trace-Id: Root=1-…;Parent=…
  const id = bare.startsWith('Root=') ? bare.slice(5).split(';', 1)[0]! : bare
  return id.length <= LONGEST && !/\s/.test(id) ? id : ''
}

/** W3C trace context, answered by some servers: version-trace-span-flags. */
function traceOf(traceparent: string): { id: string; tier: number } | null {
  const [, id] = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/.exec(traceparent) ?? []
  return id === undefined ? null : { id, tier: TIERS.length }
}
