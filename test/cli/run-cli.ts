import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { CLI } from '../command-line.ts'

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

/**
 * For tests of commands that read a directory themselves: they do so only when nothing answers at the default address,
 * and one that is given is never left for a directory.
 */
export async function skipUnlessNothingRuns(skip: (when: boolean, why: string) => void): Promise<void> {
  const answers = await fetch('http://127.0.0.1:8080').then(
    () => true,
    () => false,
  )
  skip(answers, 'something listens on port 8080, and commands would ask it')
}

/** The real command in a process of its own, without any TELLTALE_ variable but those given. */
export async function telltale(
  args: string[],
  { cwd, env = {}, stdin }: { cwd: string; env?: Record<string, string>; stdin?: string },
): Promise<Ran> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(TELLTALE_|FORCE_COLOR|NO_COLOR)/.test(name),
  )
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  // It need not read all of it.
  child.stdin.on('error', () => {}).end(stdin)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  return { code, stdout, stderr }
}
