/** What a part noticed and could deal with by itself; for the log. */
export type Notice = (message: string, details: Record<string, unknown>) => void
