export interface LimitItem {
  name: string
  /** Lower-case names; values without their quotes. */
  parameters: Record<string, string | undefined>
}

const ITEM = /(?:"[^"]*"|[^",])+/g
const MOST_ITEMS = 16
const LONGEST = 1024

/**
 * The items of a RateLimit or RateLimit-Policy header, in the forms of its drafts: `"default";r=50;t=30`, `100;w=60`
 * (its number is parameter `q`), `limit=100, remaining=50, reset=30` (one limit).
 */
export function limitItems(text: string): LimitItem[] {
  if (text.length > LONGEST) return []
  const items: LimitItem[] = []
  const single: LimitItem = { name: '', parameters: {} }
  for (const [part] of text.matchAll(ITEM)) {
    const [first = '', ...rest] = part.split(';').map((piece) => piece.trim())
    const [name, value] = pair(first)
    if (value !== undefined) {
      single.parameters[name] = value
      continue
    }
    const isNumber = /^\d+$/.test(first)
    const parameters = Object.fromEntries(rest.map(pair))
    items.push({
      name: isNumber ? '' : first.replace(/^"|"$/g, ''),
      parameters: isNumber ? { q: first, ...parameters } : parameters,
    })
    if (items.length === MOST_ITEMS) break
  }
  return Object.keys(single.parameters).length > 0 ? [single, ...items] : items
}

function pair(text: string): [name: string, value: string | undefined] {
  const sign = text.indexOf('=')
  if (sign < 0 || text.startsWith('"')) return [text.toLowerCase(), undefined]
  const value = text.slice(sign + 1).trim()
  return [text.slice(0, sign).trim().toLowerCase(), value.replace(/^"|"$/g, '')]
}
