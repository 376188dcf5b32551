/** A refusal in the shop's own words; the catalog is catalogs/shop.yaml. */
export interface ShopError {
  status: number
  code: string
  message: string
  retryAfterS?: number
}

const STATUS: Record<string, [status: number, message: string]> = {
  invalid_api_key: [401, 'The API key is not one of ours'],
  rate_limited: [429, 'Your plan allows 60 requests a minute'],
  product_not_found: [404, 'There is no such product'],
  basket_not_found: [404, 'There is no such basket'],
  out_of_stock: [409, 'The last one has just been sold'],
  payment_declined: [402, 'The wallet refused the charge'],
  order_refused: [422, 'The order was refused'],
  upstream_unavailable: [502, 'Try again in a few seconds'],
  coupon_expired: [400, 'This coupon is no longer valid'],
}
const RETRY_AFTER_S = 30

export function shopError(code: string): ShopError {
  const [status, message] = STATUS[code]!
  return { status, code, message, ...(status === 429 && { retryAfterS: RETRY_AFTER_S }) }
}

export const shopBody = ({ code, message }: ShopError, requestId: string) => ({
  error: { code, message, request_id: requestId },
})
