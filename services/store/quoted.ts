/** A name of ours as it stands between single quotes in SQL, where no parameter can be bound. */
export const quoted = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
