import { type Catalog, catalogSchema } from '../../services/catalog/schema.ts'

/** A catalog as a file would give it, with only what a test is about. */
export const catalog = (fields: { provider: string } & Record<string, unknown>): Catalog =>
  catalogSchema.parse({ codes: [], ...fields })
