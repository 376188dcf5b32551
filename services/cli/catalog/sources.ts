import { execFile } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { LintedFile } from '../../catalog/lint.ts'
import { isCatalogName } from '../../catalog/load.ts'
import { MOST_BYTES, readCatalogBytes, readCatalogFile } from '../../catalog/read-file.ts'

const run = promisify(execFile)

/** More files than there are APIs that one house calls; a wrong directory shall not be read for minutes. */
const MOST_FILES = 1_000

/** A file, the catalogs of a directory, or either as git has it: `git:REV:path`. A text says why there is nothing. */
export async function catalogFiles(source: string): Promise<LintedFile[] | string> {
  if (source.startsWith('git:')) return ofGit(source)
  const stats = await stat(source).catch(() => null)
  if (stats === null) return `${source} is not there`
  if (!stats.isDirectory()) return [{ file: source, read: await readCatalogFile(source) }]
  const names = catalogNames(await readdir(source))
  if (typeof names === 'string') return `${source}: ${names}`
  return Promise.all(
    names.map(async (name) => {
      const file = join(source, name)
      return { file, read: await readCatalogFile(file) }
    }),
  )
}

function catalogNames(all: string[]): string[] | string {
  const names = all.filter(isCatalogName).sort()
  if (names.length === 0) return 'there is no .yaml file in it'
  return names.length > MOST_FILES ? `more than ${MOST_FILES} .yaml files; name fewer` : names
}

async function ofGit(source: string): Promise<LintedFile[] | string> {
  const [, revision, path] = /^git:([^:]+):(.*)$/.exec(source) ?? []
  if (revision === undefined || path === undefined || revision.startsWith('-'))
    return `${source}: give a revision and a path, as in git:main:catalogs/shop-api.yaml`
  const directory = path.replace(/\/+$/, '')
  try {
    if ((await git('cat-file', '-t', `${revision}:${directory}`)).toString().trim() === 'blob')
      return [await blob(`git:${revision}:${path}`, revision, path)]
    const listed = (await git('ls-tree', '--name-only', '-z', `${revision}:${directory}`))
      .toString()
      .split('\0')
    const names = catalogNames(listed)
    if (typeof names === 'string') return `${source}: ${names}`
    return await Promise.all(
      names.map((name) => {
        const inside = directory === '' || directory === '.' ? name : `${directory}/${name}`
        return blob(`git:${revision}:${inside}`, revision, inside)
      }),
    )
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: Buffer }
    if (code === 'ENOENT') return `${source}: git is not installed here`
    const said =
      String(stderr ?? '')
        .trim()
        .split('\n')[0] || (error as Error).message
    return `${source}: git says: ${said}`
  }
}

async function blob(file: string, revision: string, path: string): Promise<LintedFile> {
  return { file, read: readCatalogBytes(await git('cat-file', 'blob', `${revision}:${path}`), file) }
}

const git = async (...args: string[]): Promise<Buffer> =>
  (await run('git', args, { encoding: 'buffer', maxBuffer: 2 * MOST_BYTES })).stdout
