/** A time as RFC 3339 text, in all the precision it has. */
export const isoTime = (expression: string): string =>
  `concat(replaceOne(toString(${expression}), ' ', 'T'), 'Z')`
