/** As much of a pino logger as is used here. */
export interface Log {
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
