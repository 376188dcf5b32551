import { z } from 'zod'
import type { Catalogs, Explanation } from '../catalog/classify.ts'
import { type Catalog, catalogSchema } from '../catalog/schema.ts'
import { CLASSES, isRetryable, RETRIES } from '../contract/vocabulary.ts'

const publisher = {
  provider: z.string(),
  title: z.string(),
  docs: z.string().nullable().describe('Where the publisher documents its codes.'),
}

export const catalogSummary = z.object({
  ...publisher,
  hosts: z.array(z.string()),
  services: z.array(z.string()),
  codes: z.int().describe('How many it documents.'),
})
export type CatalogSummary = z.output<typeof catalogSummary>

const documentedCode = z.object({
  code: z.string(),
  http: z
    .array(z.number())
    .describe('The statuses that its publisher promises; empty where it does not say.'),
  retry: z.enum(RETRIES),
  retryable: z.boolean().describe('May a program send the same request again by itself?'),
  retry_is: z
    .enum(['stated', 'derived'])
    .describe('Whether the publisher says so, or it follows from the status and the meaning.'),
  class: z.enum(CLASSES),
  meaning: z.string(),
  action: z.string(),
  since: z.string().nullable(),
  deprecated: z
    .object({ on: z.string(), until: z.string().optional(), instead: z.string().optional() })
    .nullable(),
})

const { match, envelope, limits, statuses } = catalogSchema.shape

/** A catalog with nothing left to derive: every code has its retry and class. */
export const wholeCatalog = z.object({
  ...publisher,
  match,
  envelope: envelope.describe('Where the body of an error holds what.'),
  limits: limits.describe('Which headers say what of a limit.'),
  statuses: statuses.describe('What holds for an error of a status that has no entry of its own.'),
  codes: z.array(documentedCode),
})
export type WholeCatalog = z.output<typeof wholeCatalog>

export const codeOfCatalog = z.object({ ...publisher, ...documentedCode.shape })

const publisherOf = ({ provider, title, docs }: Catalog) => ({
  provider,
  title: title ?? provider,
  docs: docs ?? null,
})

export const summaryOf = (catalog: Catalog): CatalogSummary => ({
  ...publisherOf(catalog),
  hosts: catalog.match.hosts,
  services: catalog.match.services,
  codes: catalog.codes.length,
})

export function wholeOf(catalog: Catalog, { explain }: Catalogs): WholeCatalog {
  const { match, envelope, limits, statuses, provider } = catalog
  return {
    ...publisherOf(catalog),
    match,
    envelope,
    limits,
    statuses,
    codes: catalog.codes.map(({ code }) => codeOf(code, explain(provider, code)!)),
  }
}

/** Null where the catalog does not list the code. */
export function codeIn(
  catalog: Catalog,
  { explain }: Catalogs,
  code: string,
): z.output<typeof codeOfCatalog> | null {
  const entry = explain(catalog.provider, code)
  return entry?.of === 'code' ? { ...publisherOf(catalog), ...codeOf(code, entry) } : null
}

function codeOf(code: string, entry: Explanation): z.output<typeof documentedCode> {
  const { http, retry, retry_is, class: kind, meaning, action, since, deprecated } = entry
  return {
    code,
    http: [...http],
    retry,
    retryable: isRetryable(retry),
    retry_is,
    class: kind,
    meaning,
    action,
    since,
    deprecated: deprecated ?? null,
  }
}
