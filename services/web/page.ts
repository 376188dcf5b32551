import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Asset {
  name: string
  type: string
  etag: string
  body: Buffer
}

/** Beside this module, in the source tree as in the compiled package. */
const DIRECTORY = fileURLToPath(new URL('./page/', import.meta.url))

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** The page's files, read once: they are small, and what is served does not change under a running process. */
export async function loadPage(): Promise<Asset[]> {
  const names = (await readdir(DIRECTORY)).filter((name) => extname(name) in TYPES)
  return Promise.all(
    names.map(async (name) => {
      const body = await readFile(join(DIRECTORY, name))
      const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22)
      return { name, type: TYPES[extname(name)], etag: `"${hash}"`, body }
    }),
  )
}
