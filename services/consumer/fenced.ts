import type { Outcome } from '../contract/stages.ts'
import type { BlockStore } from './deliver.ts'

const NOT_OWNED: Outcome = {
  status: 'retry',
  error: new Error('the partition is not this consumer’s at the moment'),
}

/** A store that is only changed while the records are this consumer's to deliver. */
export const fenced = (store: BlockStore, isOwned: () => boolean): BlockStore => ({
  insert: async (table, native, token) => (isOwned() ? store.insert(table, native, token) : NOT_OWNED),
  mend: async (check) => (isOwned() ? store.mend(check) : NOT_OWNED),
})
