/**
 * One failure seen by caller and callee is two rows; counts are of one side. An API whose own side reports is
 * somebody's own, and counted there; any other is known through its callers. `rows` is a subquery with `provider`,
 * `side` and whatever else; asking for a side leaves nothing to choose.
 */
export const oneSide = (rows: string, asked: string | undefined): string =>
  asked !== undefined
    ? rows
    : `(SELECT * FROM (SELECT *, max(side = 'server') OVER (PARTITION BY provider) AS has_server FROM ${rows}) WHERE side = if(has_server, 'server', 'client'))`

/** The same of rows at hand. */
export function ofOneSide<Row extends { provider: string; side: string }>(
  rows: Row[],
  asked: string | undefined,
): Row[] {
  if (asked !== undefined) return rows
  const own = new Set(rows.filter(({ side }) => side === 'server').map(({ provider }) => provider))
  return rows.filter(({ provider, side }) => side === (own.has(provider) ? 'server' : 'client'))
}
