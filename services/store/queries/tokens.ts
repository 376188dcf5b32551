import { z } from 'zod'
import { SCOPES } from '../../contract/scopes.ts'
import { isoTime } from './iso-time.ts'
import { type Query, timeParam } from './query.ts'

export const tokenRow = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  created_at: z.string(),
  expires_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
  /** To some minutes. */
  last_used_at: z.string().nullable(),
})
export type TokenRow = z.output<typeof tokenRow>

/** With what a token is recognised by, in hexadecimal. */
const keptToken = tokenRow.extend({ hash: z.string() })
export type KeptToken = z.output<typeof keptToken>

/** A statement that answers nothing, with bound parameters. */
export type Command = (sql: string, params?: Record<string, unknown>) => Promise<void>

const orNull = (time: string) => `if(isNull(${time}), NULL, ${isoTime(time)})`

/** Every token that ever was, the newest first. There are as many as people made. */
export async function allTokens(query: Query): Promise<KeptToken[]> {
  const rows = await query(
    `SELECT id, name, scopes, lower(hex(hash)) AS hash, ${isoTime('t.created_at')} AS created_at,
       ${orNull('t.expires_at')} AS expires_at, ${orNull('t.revoked_at')} AS revoked_at,
       ${orNull('u.last_used_at')} AS last_used_at
     FROM (SELECT * FROM tokens FINAL) AS t
     LEFT JOIN (SELECT id, toNullable(max(last_used_at)) AS last_used_at FROM token_uses GROUP BY id) AS u USING id
     ORDER BY t.created_at DESC, id`,
  )
  return z.array(keptToken).parse(rows)
}

/** Writes a token as it now is; a later version of one takes the place of an earlier one. */
export const putToken = (command: Command, token: KeptToken): Promise<void> =>
  command(
    `INSERT INTO tokens (id, name, scopes, hash, created_at, expires_at, revoked_at, version)
     SELECT {id:String}, {name:String}, {scopes:Array(String)}, unhex({hash:String}),
       {created_at:DateTime64(3, 'UTC')}, {expires_at:Nullable(DateTime64(3, 'UTC'))},
       {revoked_at:Nullable(DateTime64(3, 'UTC'))}, {version:UInt64}`,
    {
      ...token,
      created_at: bound(token.created_at),
      expires_at: bound(token.expires_at),
      revoked_at: bound(token.revoked_at),
      // What is revoked stays so, whoever writes when and whatever their clock says.
      version: token.revoked_at === null ? 0 : 1,
    },
  )

export const noteTokenUse = (command: Command, id: string, at: Date): Promise<void> =>
  command(`INSERT INTO token_uses (id, last_used_at) SELECT {id:String}, {at:DateTime64(3, 'UTC')}`, {
    id,
    at: timeParam(at),
  })

const bound = (time: string | null) => (time === null ? null : timeParam(new Date(time)))
