import { createHash } from 'node:crypto'

/**
 * From 0 to 1, always the same for the same words. What happens hangs on what is asked, not on when or after what: so
 * requests may run side by side, and a run of the same seed has the same outcome.
 */
export const chance = (...words: (string | number)[]): number =>
  createHash('sha256').update(words.join('\n')).digest().readUInt32BE(0) / 2 ** 32
