// Anything can be thrown; who catches it wants an error, or its words.

export const errorOf = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown))

export const reasonOf = (thrown: unknown): string => errorOf(thrown).message
