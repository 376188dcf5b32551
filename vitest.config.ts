import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { SlowFirst } from './scripts/slow-first.ts'

// The engine's queries occupy libuv's threads (bin/telltale.cjs sets the same); the workers inherit it.
process.env.UV_THREADPOOL_SIZE ??= '16'
// Hundreds of processes compile the same files.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/compiled')

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/bench/**'],
    // Memory for temporary directories; what is started as a process; a Kafka broker, for those who ask for it.
    globalSetup: [
      './scripts/test-memory.ts',
      './scripts/built-for-tests.ts',
      './test/kafka/shared-broker.ts',
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
