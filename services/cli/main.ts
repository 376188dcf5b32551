import { CommanderError } from 'commander'
import { createProgram } from './program.ts'
import { WRONG_USE } from './run.ts'

// What bin/telltale.cjs runs. Answers go to stdout, talk to stderr; 0 is good, 1 failed, 2 wrong use.

// Somebody read as much as they wanted: `telltale lookup … | head`.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
    throw error
  })
}

try {
  await createProgram().parseAsync()
} catch (error) {
  // Commander has said what is wrong; asking for help or the version is not.
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? 0 : WRONG_USE
}
