import { existsSync } from 'node:fs'
import { cp, rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Command } from 'commander'
import type { BackedUp, Manifest } from '../../store/upkeep/backup.ts'
import { type Ask, type AskingFlags, asking, refusal, withAsking } from '../answers/asking.ts'
import { complain, FAILED, GOOD, print, printJson, WRONG_USE } from '../run.ts'
import { withProgress } from '../text/progress.ts'
import { plain } from '../text/terminal.ts'

/** `telltale backup DIR`: the embedded store and its journal, while it runs. */
export const addBackup = (program: Command): Command =>
  withAsking(program.command('backup'))
    .description('back up the embedded store into a directory, while it runs')
    .argument('<directory>', 'where to; it is made, and must not be there yet')
    .addHelpText('after', '\nExample:\n  $ telltale backup /backups/telltale-2026-11-21')
    .action(async (to: string, { json, ...flags }: AskingFlags) => {
      process.exitCode = await backup(resolve(to), json, flags)
    })

async function backup(to: string, json: true | undefined, flags: AskingFlags): Promise<number> {
  if (existsSync(to)) {
    complain(`${to} is there already; give a directory that is not.`)
    return WRONG_USE
  }
  return asking(flags, (ask) => take(ask, to, json))
}

async function take(ask: Ask, to: string, json?: true): Promise<number> {
  const answer = await ask<BackedUp>('/api/v1/backups', undefined, 'POST')
  if (answer.status !== 'answered') return refusal(answer)
  const { directory, ...made } = answer.data
  if (typeof directory === 'string' && !existsSync(directory)) {
    complain(
      `the backup lies in ${plain(directory)} on another machine: fetch it there, or run this command there.`,
    )
    return FAILED
  }
  if (!(await isBackup(directory, made))) {
    complain(
      `${plain(String(directory))} does not hold the backup that was answered, or may not be read here; nothing was moved.`,
    )
    return FAILED
  }
  await withProgress(() => `copying to ${to}`, move(directory, to))
  if (json) printJson({ ...made, directory: to })
  else print(`Backed up into ${to}: ${made.rows.errors} errors.`)
  return GOOD
}

/** Whoever answers names a path of this machine; only the backup that it says it has made is taken from there. */
async function isBackup(directory: unknown, made: Manifest): Promise<boolean> {
  if (typeof directory !== 'string') return false
  // Here, not above: it loads the store's client.
  const { readManifest } = await import('../../store/upkeep/backup.ts')
  const found = await readManifest(directory).catch(() => undefined)
  return found !== undefined && isDeepStrictEqual(found, made)
}

/** To another disk it takes a copy. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    await cp(from, to, { recursive: true })
    await rm(from, { recursive: true })
  }
}
