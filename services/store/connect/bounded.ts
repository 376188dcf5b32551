import { type Query, STORE_BUSY } from '../queries/query.ts'

// What questions may take, whoever asks them and however many at once. The store has other work than answering, and a
// question that cannot be answered soon is better refused than left waiting: whoever asked has given up by then.

/** Written into the statement itself, so that they hold on any connection, to any server. */
const LIMITS = [
  // The slowest honest question takes a few hundred milliseconds.
  'max_execution_time = 10',
  "timeout_overflow_mode = 'throw'",
  'max_memory_usage = 268435456',
  // Of two cores, one is left for what comes in.
  'max_threads = 2',
  // Which granules to read is found in less time than it takes to wake a thread for each part.
  'max_threads_for_indexes = 1',
  // A question reads many small pieces: read by the thread that wants them, they cost no turn of another one.
  "local_filesystem_read_method = 'pread'",
].join(', ')

export interface Bounds {
  /** Questions that run at the same time. */
  atOnce: number
  /** Questions that may wait for their turn; more are refused at once. */
  waiting: number
  waitMs: number
}

/** Questions with limits, a few at a time; the rest wait in line, and not for long. */
export function boundedQuery(query: Query, { atOnce, waiting, waitMs }: Bounds): Query {
  let running = 0
  const line: (() => void)[] = []

  const turn = () =>
    new Promise<void>((resolve, reject) => {
      if (running < atOnce) {
        running++
        return resolve()
      }
      if (line.length >= waiting) return reject(busy())
      const begin = () => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        line.splice(line.indexOf(begin), 1)
        reject(busy())
      }, waitMs)
      line.push(begin)
    })

  return async (sql, params) => {
    await turn()
    try {
      return await query(`${sql}\nSETTINGS ${LIMITS}`, params)
    } finally {
      const next = line.shift()
      // A place is handed on, not given back.
      if (next) next()
      else running--
    }
  }
}

const busy = () => Object.assign(new Error('too many questions wait for the store'), { code: STORE_BUSY })
