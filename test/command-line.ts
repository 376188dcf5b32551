import { join } from 'node:path'

/** What a test starts as a process: made of services/ for the tests (scripts/built-for-tests.ts), elsewhere these. */
export const CLI =
  process.env.TEST_BUILT === undefined
    ? join(import.meta.dirname, '../services/cli/main.ts')
    : join(process.env.TEST_BUILT, 'cli/main.js')
