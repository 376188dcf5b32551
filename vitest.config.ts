import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { SlowFirst } from './scripts/slow-first.ts'

// The engine's queries occupy libuv's threads (bin/telltale.cjs sets the same); the workers inherit it.
process.env.UV_THREADPOOL_SIZE ??= '16'
// Hundreds of processes compile the same files.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/compiled')

/** Functions of what they are given: no file, socket, clock or setting of the process that a test could leave behind. */
const PURE = [
  'test/access/{address,loopback-host}.test.ts',
  'test/catalog/{classify,diff,documented-example,lint,own-errors,provider,reply,seeds}.test.ts',
  'test/catalog/import/*.test.ts',
  'test/cli/text/*.test.ts',
  'test/consumer/decode/{code,host,limit-header,route}.test.ts',
  'test/docs/*.test.ts',
  'test/instrumentation/{read-error,retry-policy,scrub}/*.test.ts',
  'test/package/lock.test.ts',
]

/** Memory for temporary directories; what is started as a process; a Kafka broker, for those who ask for it. */
export const globalSetup = [
  './scripts/test-memory.ts',
  './scripts/built-for-tests.ts',
  './test/kafka/shared-broker.ts',
]

export default defineConfig({
  test: {
    projects: [
      // Many files a process, and last: to start one takes longer than most of these do.
      { extends: true, test: { name: 'pure', include: PURE, isolate: false } },
      {
        extends: true,
        test: {
          name: 'apart',
          include: ['test/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'test/bench/**', ...PURE],
          globalSetup,
        },
      },
    ],
    // Processes, not threads: the embedded engine does not survive the end of a worker thread it ran in.
    pool: 'forks',
    // kafkajs reckons some waits as negative, which Node mentions each time.
    execArgv: ['--disable-warning=TimeoutNegativeWarning'],
    // Tests wait a good deal: for processes to start, for blocks to come.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: SlowFirst },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    allowOnly: false,
    passWithNoTests: false,
    reporters: ['default', './scripts/closing-line.ts'],
  },
})
