import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const CLI = join(import.meta.dirname, '../../services/cli/main.ts')

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

/** The real command in a process of its own, without any TELLTALE_ variable but those given. */
export async function telltale(
  args: string[],
  { cwd, env = {} }: { cwd: string; env?: Record<string, string> },
): Promise<Ran> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(TELLTALE_|FORCE_COLOR|NO_COLOR)/.test(name),
  )
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  return { code, stdout, stderr }
}
