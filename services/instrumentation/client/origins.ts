import type { Provider } from '../provider.ts'

/** Where a request goes. */
export interface Origin {
  /** As undici writes it: https://api.example.com:8443, without a port that is the usual one. */
  text: string
  host: string
  port: number
  provider: Provider | null
  limits: LimitsRead
}

export interface LimitsRead {
  /** Whether those of one more successful answer are worth their microseconds. */
  areWanted(): boolean
  wereRead(): void
}

const MOST = 1000
/** Limits are looked at by tens of seconds: who calls an API more often than this misses nothing. */
const LIMITS_A_SECOND = 50

/** Reads each origin once: an application calls few. */
export function originReader(providerOf: (host: string) => Provider | null): (text: string) => Origin | null {
  const known = new Map<string, Origin>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    if (!URL.canParse(text)) return null
    const url = new URL(text)
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
    const origin = {
      text: url.origin,
      host,
      port,
      provider: providerOf(host),
      limits: limitsRead(),
    }
    if (known.size >= MOST) known.clear()
    known.set(text, origin)
    return origin
  }
}

function limitsRead(): LimitsRead {
  let second = 0
  let count = 0
  return {
    areWanted() {
      if (count < LIMITS_A_SECOND) return true
      const now = Math.floor(Date.now() / 1000)
      if (now === second) return false
      second = now
      count = 0
      return true
    },
    wereRead() {
      count++
    },
  }
}
