import { existsSync, writeSync } from 'node:fs'
import fsp from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { basename } from 'node:path'

// Loaded with --import into the real process: dies by its own SIGKILL at an exact step, told by the file it is about
// to touch or has just touched, and says so before. KILL_AT=STEP:N means the Nth time; see STEPS.

export const STEPS = [
  'before journal write',
  'after journal write',
  'after journal sync',
  'before ledger write',
  'after ledger write',
  'after ledger sync',
  'before block file',
  'after block file',
  'during block insert',
  'before block insert',
  'after block insert',
  'before journal release',
  'after journal release',
] as const
export type Step = (typeof STEPS)[number]

/** The last that is heard of a process that died at a step. */
export const struckAt = (step: Step): string => `killed by itself ${step}\n`

const [wanted, times] = (process.env.KILL_AT ?? '').split(':')
let left = Number(times)

function step(name: string | null): void {
  if (name === wanted && --left === 0) die()
  // Somewhere in the engine's work of some fifty milliseconds: parts being written, some committed and some not.
  if (name === 'after block file' && wanted === 'during block insert' && --left === 0)
    setTimeout(die, Math.random() * 60)
}

function die(): void {
  writeSync(process.stderr.fd, struckAt(wanted as Step))
  process.kill(process.pid, 'SIGKILL')
}

function kindOf(path: unknown): 'journal' | 'ledger' | 'block' | null {
  const name = basename(String(path))
  if (/^\d{16}\.log$/.test(name)) return 'journal'
  if (name === 'position') return 'ledger'
  return name.endsWith('.native') ? 'block' : null
}

type Method = (...parameters: unknown[]) => Promise<unknown>

function around(
  target: Record<string, Method>,
  name: string,
  before: string | null,
  after: string | null,
): void {
  const original = target[name]
  if (original === undefined) return
  target[name] = async function (this: unknown, ...parameters: unknown[]) {
    step(before)
    const answer = await original.apply(this, parameters)
    step(after)
    return answer
  }
}

if (wanted !== '') {
  const promises = fsp as unknown as Record<string, Method>
  const open = promises.open!
  promises.open = async (...parameters) => {
    const handle = (await open(...parameters)) as Record<string, Method>
    const kind = kindOf(parameters[0])
    if (kind === null) return handle
    const file = kind === 'block' ? 'block file' : `${kind} write`
    for (const name of ['write', 'writev', 'writeFile'])
      around(handle, name, `before ${file}`, `after ${file}`)
    for (const name of ['datasync', 'sync']) around(handle, name, null, `after ${kind} sync`)
    if (kind === 'block') around(handle, 'close', null, 'before block insert')
    return handle
  }
  for (const name of ['unlink', 'rm']) {
    const original = promises[name]!
    promises[name] = async (...parameters) => {
      const kind = kindOf(parameters[0])
      // A segment that begins removes what may lie under its name; one that is released has been there.
      const released = kind === 'journal' && existsSync(String(parameters[0]))
      if (released) step('before journal release')
      // The block's file goes when the engine has answered for it.
      if (kind === 'block') step('after block insert')
      const answer = await original(...parameters)
      if (released) step('after journal release')
      return answer
    }
  }
  syncBuiltinESMExports()
}
