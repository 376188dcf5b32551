import { timingSafeEqual } from 'node:crypto'
import type { Notice } from '../contract/notice.ts'
import type { Scope } from '../contract/scopes.ts'
import type { Query } from '../store/queries/query.ts'
import {
  allTokens,
  type Command,
  type KeptToken,
  noteTokenUse,
  putToken,
  type TokenRow,
} from '../store/queries/tokens.ts'
import { newToken, newTokenId, tokenHash } from './token.ts'

interface NewToken {
  name: string
  scopes: Scope[]
  expiresAt: Date | null
}

/** A token as a request is checked against it. */
export interface Held {
  id: string
  scopes: ReadonlySet<Scope>
  expiresAtMs: number
  /** Turns true the moment that it is revoked. */
  isRevoked: boolean
  lastUsedMs: number
}

export interface Tokens {
  /** The one that was presented, revoked and expired ones too. Takes microseconds and never asks the store. */
  find(presented: string): Held | undefined
  /** Has any been made that is not revoked? An expired one counts: that time passes opens no door. */
  exist(): boolean
  list(): TokenRow[]
  /** The token itself is in this answer and nowhere else. */
  create(wanted: NewToken): Promise<TokenRow & { token: string }>
  /** Durable, and in force for the next request. */
  revoke(id: string): Promise<TokenRow | undefined>
  /** Looks what others have made and revoked. */
  refresh(): Promise<void>
  close(): Promise<void>
}

interface From {
  query: Query
  command: Command
  /** How often to look what others have made and revoked; only a store that others write to needs it. */
  refreshMs?: number
  notice: Notice
}

/** Of a store that others write to: so long a token lives on that they have revoked. */
export const SHARED_REFRESH_MS = 5_000
/** Somebody who looks for unused tokens looks for days; a row for every request would be the busiest table of all. */
const NOTE_USES_MS = 5 * 60_000
/** Of the hash, to find a token by; the whole of it is then compared in constant time. */
const KEY_DIGITS = 16

/** All tokens, in memory, over the store that keeps them. */
export async function openTokens({ query, command, refreshMs, notice }: From): Promise<Tokens> {
  const kept = new Map<string, { row: KeptToken; held: Held; hash: Buffer }>()
  const byKey = new Map<string, string>()
  const noted = new Map<string, number>()
  let isAnyAlive = false

  const hold = (row: KeptToken): void => {
    const known = kept.get(row.id)?.held
    const lastUsedMs = row.last_used_at === null ? 0 : Date.parse(row.last_used_at)
    const held = known ?? {
      id: row.id,
      scopes: new Set(row.scopes),
      expiresAtMs: 0,
      isRevoked: false,
      lastUsedMs,
    }
    held.expiresAtMs = row.expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(row.expires_at)
    held.isRevoked = row.revoked_at !== null
    held.lastUsedMs = Math.max(held.lastUsedMs, lastUsedMs)
    kept.set(row.id, { row, held, hash: Buffer.from(row.hash, 'hex') })
    byKey.set(row.hash.slice(0, KEY_DIGITS), row.id)
    isAnyAlive = [...kept.values()].some((one) => !one.held.isRevoked)
  }

  const refresh = async () => {
    for (const row of await allTokens(query)) {
      if (!noted.has(row.id) && row.last_used_at !== null) noted.set(row.id, Date.parse(row.last_used_at))
      hold(row)
    }
  }

  const noteUses = async () => {
    for (const { held } of kept.values()) {
      if (held.lastUsedMs <= (noted.get(held.id) ?? 0)) continue
      const at = held.lastUsedMs
      await noteTokenUse(command, held.id, new Date(at))
      noted.set(held.id, at)
    }
  }

  /** Not again while it is at it: a store that is slower than the interval would get more to do with every one. */
  const quietly = (work: () => Promise<void>, failed: string) => {
    let running: Promise<void> | null = null
    return () => {
      running ??= work()
        .catch((error) => notice(failed, { error }))
        .finally(() => {
          running = null
        })
      return running
    }
  }
  await refresh()
  const timers = [
    setInterval(quietly(noteUses, 'the last use of tokens could not be noted'), NOTE_USES_MS),
    ...(refreshMs === undefined
      ? []
      : [
          setInterval(
            quietly(refresh, 'the tokens could not be read again; those known last hold'),
            refreshMs,
          ),
        ]),
  ]
  for (const timer of timers) timer.unref()

  return {
    find(presented) {
      const hash = tokenHash(presented)
      const found = kept.get(byKey.get(hash.toString('hex', 0, KEY_DIGITS / 2)) ?? '')
      return found !== undefined && timingSafeEqual(found.hash, hash) ? found.held : undefined
    },
    exist: () => isAnyAlive,
    list: () => [...kept.values()].map(shown).sort((a, b) => (a.created_at < b.created_at ? 1 : -1)),
    async create({ name, scopes, expiresAt }) {
      const token = newToken()
      const row: KeptToken = {
        id: newTokenId(),
        name,
        scopes,
        hash: tokenHash(token).toString('hex'),
        created_at: new Date().toISOString(),
        expires_at: expiresAt?.toISOString() ?? null,
        revoked_at: null,
        last_used_at: null,
      }
      await putToken(command, row)
      hold(row)
      return { ...shown(kept.get(row.id)!), token }
    },
    async revoke(id) {
      const found = kept.get(id)
      if (found === undefined) return undefined
      if (found.row.revoked_at === null) {
        const row = { ...found.row, revoked_at: new Date().toISOString() }
        await putToken(command, row)
        hold(row)
      }
      return shown(kept.get(id)!)
    },
    refresh,
    async close() {
      for (const timer of timers) clearInterval(timer)
      await quietly(noteUses, 'the last use of tokens could not be noted')()
    },
  }
}

function shown({ row: { hash: _, ...row }, held }: { row: KeptToken; held: Held }): TokenRow {
  return { ...row, last_used_at: held.lastUsedMs === 0 ? null : new Date(held.lastUsedMs).toISOString() }
}
