import { accessSync, constants, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

// Before the tests: temporary directories in memory, where there is enough of it. A hundred stores are made, and a disk
// would be busy with files that nobody ever reads again. What the disk itself does, tests see on one of their own
// (transport/full-disk.test.ts); a kill loses nothing that was written, in memory as on disk.

const MEMORY = '/dev/shm'
/** Of them the tests use a third at most; containers often have 64 MiB there. */
const ENOUGH_BYTES = 3 << 30

export default function setUp(project: TestProject): () => void {
  const directory = process.env.TMPDIR === undefined ? directoryInMemory() : null
  if (directory !== null) process.env.TMPDIR = directory
  return () => {
    if (directory === null) return
    // What a test that fails keeps for a look lies there.
    if (project.vitest.state.getCountOfFailedTests() > 0) console.log(`temporary directories: ${directory}`)
    else rmSync(directory, { recursive: true, force: true })
  }
}

function directoryInMemory(): string | null {
  try {
    accessSync(MEMORY, constants.W_OK)
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize < ENOUGH_BYTES ? null : mkdtempSync(join(MEMORY, 'telltale-test-'))
  } catch {
    return null
  }
}
