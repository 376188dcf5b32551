// Type check, lint and the lock, side by side: each leaves a core idle for a while. What fails says why, one after
// the other.
import { execFile } from 'node:child_process'

const CHECKS = [
  [
    'tsc',
    '-p',
    'tsconfig.json',
    '--incremental',
    '--tsBuildInfoFile',
    'node_modules/.cache/checked.tsbuildinfo',
  ],
  ['biome', 'ci', '--error-on-warnings', '.'],
  ['node', 'scripts/check-lock.ts'],
]

const run = ([command, ...words]: string[]) =>
  new Promise<void>((resolve) => {
    // npm has put node_modules/.bin in front of the PATH.
    execFile(command!, words, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error !== null) {
        process.exitCode = 1
        process.stdout.write(`${stdout}${stderr || (stdout === '' ? `${error.message}\n` : '')}`)
      }
      resolve()
    })
  })

await Promise.all(CHECKS.map(run))
