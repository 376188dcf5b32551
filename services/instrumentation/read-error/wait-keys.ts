import type { MomentUnit } from './moment.ts'

// The names of fields that say how long to wait, without case and separators: retry_after_ms, retryDelay, backoff …

const UNIT =
  '(?:in)?(ms|msecs?|millis|milliseconds?|s|secs?|seconds?|minutes?|mins?|date|time|timestamp|at|utc)?$'
const RETRY_AFTER = new RegExp(
  `(?:retryafter|retryin|retrydelay|retrywait|retryinterval|tryagainin|tryagainafter)${UNIT}`,
)
const WAIT = new RegExp(
  `^(?:(?:suggested|recommended|min|minimum|estimated)?(?:wait|waitfor|waittime|backoff|cooldown)|estimatedtime|resetsin|resetin|resetafter|availablein|retryat|nextretry)${UNIT}`,
)
const TO_WAIT = /^(ms|milliseconds|s|seconds|minutes)(?:towait|untilretry|remaining)$/

export function waitUnit(name: string): MomentUnit | null {
  const found = RETRY_AFTER.exec(name) ?? WAIT.exec(name) ?? TO_WAIT.exec(name)
  if (found === null) return null
  const unit = found[1] ?? ''
  if (/^m(?:s|illi)/.test(unit)) return 'ms'
  return unit.startsWith('min') ? 'min' : 'auto'
}
