/** Two clocks, in milliseconds. Tests give their own. */
export interface Clock {
  /** Wall clock: means something to other processes, but jumps. */
  now(): number
  /** Never jumps, means nothing outside this process: for the age of what happened while it runs. */
  elapsed(): number
}

export const systemClock: Clock = { now: () => Date.now(), elapsed: () => performance.now() }
