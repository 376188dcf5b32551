import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Notice } from '../contract/notice.ts'
import { type Catalogs, compileCatalogs } from './classify.ts'
import { isCatalogName, type LoadedCatalogs, loadCatalogs } from './load.ts'
import { problemText } from './problem-text.ts'

export interface WatchedCatalogs {
  /** As they were at the start. */
  loaded: LoadedCatalogs
  /** As they are now. */
  current: () => Catalogs
  /** Tells them from others: the same text, the same version. */
  version: () => string
  close(): Promise<void>
}

/** Soon enough for who has saved a file and looks at the page; some stats a second cost nothing. */
const LOOK_AGAIN_MS = 1_000

/**
 * The catalogs, read again when a file of the user's directories changes. All of them or none: where one is broken, that
 * is told with file and line, and what was known before stays. Rejects when they are broken at the start.
 */
export async function watchCatalogs(
  directories: readonly string[],
  notice: Notice,
  lookAgainMs = LOOK_AGAIN_MS,
): Promise<WatchedCatalogs> {
  // Before they are read: what changes in between is seen to have changed.
  let known = await signatureOf(directories)
  let settling = known
  const loaded = await loadCatalogs(directories)
  if (loaded.problems.length > 0)
    throw new Error(
      `the catalogs have problems:\n${loaded.problems.map((one) => `  ${problemText(one)}`).join('\n')}`,
    )
  let compiled = compileCatalogs(loaded.catalogs)
  let version = versionOf(loaded)

  async function look(): Promise<void> {
    const now = await signatureOf(directories)
    // Half a file may well be a catalog, of fewer codes: it is read once nobody has written for one look.
    const isSettled = now === settling
    settling = now
    if (now === known || !isSettled) return
    known = now
    const { catalogs, problems } = await loadCatalogs(directories)
    if (problems.length > 0) {
      const found = problems.map(problemText)
      notice('the catalogs have changed and have problems; those before stay', { problems: found })
      return
    }
    compiled = compileCatalogs(catalogs)
    version = versionOf({ catalogs })
    const codes = catalogs.reduce((sum, catalog) => sum + catalog.codes.length, 0)
    notice('the catalogs were read again', { catalogs: catalogs.length, codes })
  }

  let looking: Promise<void> | undefined
  const timer = setInterval(() => {
    looking ??= look()
      .catch((error) => notice('the catalogs cannot be read again', { reason: String(error) }))
      .finally(() => {
        looking = undefined
      })
  }, lookAgainMs)
  if (directories.length === 0) clearInterval(timer)
  timer.unref()

  return {
    loaded,
    current: () => compiled,
    version: () => version,
    close: async () => {
      clearInterval(timer)
      await looking
    },
  }
}

const versionOf = ({ catalogs }: Pick<LoadedCatalogs, 'catalogs'>): string =>
  createHash('sha256').update(JSON.stringify(catalogs)).digest('hex').slice(0, 12)

/** Changes when a file is written, comes, goes, or another is put in its place. */
async function signatureOf(directories: readonly string[]): Promise<string> {
  const parts = await Promise.all(
    directories.map(async (directory) => {
      const names = (await readdir(directory).catch(() => [])).filter(isCatalogName).sort()
      const files = names.map((name) =>
        stat(join(directory, name)).then(
          ({ mtimeMs, size, ino }) => `${name} ${mtimeMs} ${size} ${ino}`,
          () => `${name} missing`,
        ),
      )
      return (await Promise.all(files)).join('\n')
    }),
  )
  return parts.join('\n\n')
}
