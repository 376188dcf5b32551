import { OTHER } from '../../contract/vocabulary.ts'

/**
 * `rows` is a subquery with `key`, `time` and values that add up. Of its keys the largest by `weight` stay, the rest
 * become one, `_OTHER`; or those of the parameter `keys` stay. A row for each key, its points as tuples.
 */
export const largest = (rows: string, values: string[], weight: string, most: number | 'keys'): string => {
  const sums = values.map((value) => `toUInt64(sum(${value})) AS ${value}`).join(', ')
  const stays = most === 'keys' ? 'key IN {keys:Array(String)}' : `rank <= ${most}`
  const ranked =
    most === 'keys'
      ? rows
      : `(SELECT *, dense_rank() OVER (ORDER BY total DESC, key) AS rank FROM (SELECT *, sum(${weight}) OVER (PARTITION BY key) AS total FROM ${rows}))`
  return `SELECT shown AS key, groupArray(tuple(time, ${values.join(', ')})) AS points
    FROM (SELECT if(${stays}, key, '${OTHER}') AS shown, time, ${sums} FROM ${ranked} GROUP BY shown, time)
    GROUP BY key ORDER BY key = '${OTHER}', sum(${weight}) DESC, key`
}
