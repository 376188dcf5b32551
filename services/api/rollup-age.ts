const DAY_MS = 86_400_000

/** The finest rollup, by its step in seconds, that still holds the whole time since `from`. Whole days are dropped. */
export function finestStep(
  from: Date,
  now: Date,
  retention: { tenSeconds: number; minutes: number; hours: number },
): number {
  const keeps = (days: number) => from.getTime() >= now.getTime() - days * DAY_MS
  if (keeps(retention.tenSeconds)) return 10
  if (keeps(retention.minutes)) return 60
  return keeps(retention.hours) ? 3_600 : 86_400
}
