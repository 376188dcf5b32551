import fs from 'node:fs'
import fsp from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { basename } from 'node:path'

// Loaded with --import into the real process: dies by its own SIGKILL at an exact step, told by the file it is about
// to touch or has just touched. KILL_AT=STEP:N means the Nth time; see STEPS.

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

const [wanted, times] = (process.env.KILL_AT ?? '').split(':')
let left = Number(times)

function step(name: string | null): void {
  if (name === wanted && --left === 0) die()
  // Somewhere in the engine's work of some fifty milliseconds: parts being written, some committed and some not.
  if (name === 'after block file' && wanted === 'during block insert' && --left === 0)
    setTimeout(die, Math.random() * 60)
}

const die = () => process.kill(process.pid, 'SIGKILL')

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
    if (kind === 'journal' || kind === 'ledger') {
      for (const name of ['write', 'writev', 'writeFile'])
        around(handle, name, `before ${kind} write`, `after ${kind} write`)
      for (const name of ['datasync', 'sync']) around(handle, name, null, `after ${kind} sync`)
    }
    if (kind === 'block')
      for (const name of ['write', 'writev', 'writeFile'])
        around(handle, name, 'before block file', 'after block file')
    return handle
  }
  const rm = (name: string) => {
    const original = promises[name]!
    promises[name] = async (...parameters) => {
      const kind = kindOf(parameters[0])
      if (kind === 'journal') step('before journal release')
      // The block's file goes when the engine has answered for it.
      if (kind === 'block') step('after block insert')
      const answer = await original(...parameters)
      if (kind === 'journal') step('after journal release')
      return answer
    }
  }
  for (const name of ['unlink', 'rm']) rm(name)
  const writeFile = promises.writeFile!
  promises.writeFile = async (...parameters) => {
    const kind = kindOf(parameters[0])
    if (kind === 'block') step('before block file')
    const answer = await writeFile(...parameters)
    if (kind === 'block') step('after block file')
    return answer
  }
  fs.promises = promises as unknown as typeof fs.promises
  syncBuiltinESMExports()
}
