import type { IncomingHttpHeaders } from 'node:http'

// What headers give away about who is behind a request that comes from this machine.

/** It says that it speaks for another: a proxy's. */
export const isForwarded = (headers: IncomingHttpHeaders): boolean =>
  headers.forwarded !== undefined ||
  headers['x-forwarded-for'] !== undefined ||
  headers['x-real-ip'] !== undefined

/**
 * A browser sends it for a page of another site. Browsers say so themselves, and no page can make them leave it out;
 * programs say nothing.
 */
export const isOfForeignPage = ({ origin, host, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean =>
  (origin !== undefined && URL.parse(origin)?.host !== host) ||
  (site !== undefined && site !== 'same-origin' && site !== 'none')
