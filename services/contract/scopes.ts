/** What a token lets its bearer do. `admin` includes the others: who makes tokens could make one for anything. */
export const SCOPES = ['ingest', 'read', 'admin'] as const
export type Scope = (typeof SCOPES)[number]
