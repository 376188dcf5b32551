/** `Stripe/v1 NodeBindings/12.0` → `Stripe/v1`: the first product, and nothing of the machine it runs on. */
const PRODUCT = /^\s*([\w.!#$%&'*+^`|~-]{1,64}(?:\/[\w.+~-]{1,32})?)(?=[\s;(]|$)/

/** Name and version of the SDK that a User-Agent names; null where it names none. */
export function callerSdk(userAgent: string | undefined): string | null {
  return userAgent === undefined ? null : (PRODUCT.exec(userAgent)?.[1] ?? null)
}
