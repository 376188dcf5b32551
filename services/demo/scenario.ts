// The story of the shop, as data: who calls whom, how often, and what goes wrong when.

/** The part of the time in which something is so. */
export interface Phase {
  /** As a share of the history: 0 is where it begins, 1 is now. */
  from: number
  /** Minutes of every half hour that is live, from its start; without, all of it. 0: over by now. */
  live?: number
}

/** One line each: what there is to be found. */
export const PHASES = {
  /** checkout 2.4.0 goes out: it sends a region that the session API refuses with a code nobody documented. */
  deployed: { from: 0.5 },
  /** PRODUCT_OUT_OF_STOCK is promised with 409, and comes with 400 from here on. */
  drift: { from: 0.65 },
  /** One partner's API key is used by a scraper. */
  abuse: { from: 0.4 },
  /** The mailer stops, and nobody notices. */
  silence: { from: 0.75 },
  /** The session API's backend is slow; checkout 2.4.0 sends each order again and again, without a pause. */
  storm: { from: 0.88, live: 10 },
  /** The wallet's card processor is down. */
  outage: { from: 0.96, live: 4 },
} satisfies Record<string, Phase>

export type PhaseName = keyof typeof PHASES

/** After so many minutes live, the phases that end begin anew. */
export const LIVE_CYCLE_MINUTES = 30

export type VendorName = 'session-api' | 'wallet-gateway' | 'generation-api'
export type ServiceName = 'storefront' | 'checkout' | 'fulfilment' | 'mailer'

/** Names as a catalog has them; the demo's processes find them on this machine. */
export const HOSTS: Record<VendorName | ServiceName, string> = {
  'session-api': 'api.session.example',
  'wallet-gateway': 'api.wallet.example',
  'generation-api': 'api.generation.example',
  storefront: 'storefront.shop.example',
  checkout: 'checkout.shop.example',
  fulfilment: 'fulfilment.shop.example',
  mailer: 'mailer.shop.example',
}

export const VERSIONS: Record<ServiceName, string> = {
  storefront: '5.1.2',
  checkout: '2.3.0',
  fulfilment: '1.8.1',
  mailer: '0.9.4',
}
export const NEW_CHECKOUT = '2.4.0'

/** What comes to the shop from outside. */
export interface Journey {
  name: string
  perMinute: number
  to: ServiceName
  route: string
  /** Who, and how much of it. */
  callers: Record<string, number>
  during?: PhaseName
  before?: PhaseName
}

const SCRAPER = 'bargain-radar'
const PARTNERS = { 'acme-outfitters': 5, 'north-bikes': 3, 'museum-shop': 2 }
const SCHEDULER = { scheduler: 1 }

export const JOURNEYS: Journey[] = [
  {
    name: 'browse',
    perMinute: 22,
    to: 'storefront',
    route: 'GET /products/:id',
    callers: { ...PARTNERS, [SCRAPER]: 1 },
  },
  { name: 'basket', perMinute: 12, to: 'storefront', route: 'GET /baskets/:id', callers: PARTNERS },
  { name: 'order', perMinute: 16, to: 'storefront', route: 'POST /orders', callers: PARTNERS },
  {
    name: 'stranger',
    perMinute: 1,
    to: 'storefront',
    route: 'GET /products/:id',
    callers: { stranger: 1 },
  },
  { name: 'coupon', perMinute: 3, to: 'storefront', route: 'POST /coupons', callers: PARTNERS },
  {
    name: 'scrape',
    perMinute: 12,
    to: 'storefront',
    route: 'GET /products/:id',
    callers: { [SCRAPER]: 1 },
    during: 'abuse',
  },
  { name: 'picture', perMinute: 10, to: 'fulfilment', route: 'POST /jobs/picture', callers: SCHEDULER },
  { name: 'payout', perMinute: 5, to: 'fulfilment', route: 'POST /jobs/payout', callers: SCHEDULER },
  {
    name: 'newsletter',
    perMinute: 6,
    to: 'mailer',
    route: 'POST /jobs/newsletter',
    callers: SCHEDULER,
    before: 'silence',
  },
]

/** So many requests at most from outside; a longer history has fewer a minute, and so has what is live after it. */
export const MOST_REQUESTS = 6000

/** What the shop's own services refuse of themselves. */
export const SHOP_FAULTS = {
  missingProduct: 0.04,
  expiredCoupon: 0.25,
  /** Of the scraper's requests while it is at it. */
  tooOften: 0.85,
}
