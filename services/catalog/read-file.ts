import { readFile, stat } from 'node:fs/promises'
import { reasonOf } from '../contract/thrown.ts'
import { type ParsedCatalog, parseCatalog } from './parse.ts'
import type { Problem } from './yaml-source.ts'

/** Five thousand codes with long texts. Four times that took 2 s of a core and 250 MB, at every start and every save. */
export const MOST_BYTES = 1024 * 1024

/** A catalog file that could be read: the catalog, and its text for who looks at more than what it means. */
export interface ReadCatalog extends ParsedCatalog {
  text: string
}

/** A catalog file, or what is wrong with it. */
export async function readCatalogFile(file: string): Promise<ReadCatalog | Problem[]> {
  try {
    const stats = await stat(file)
    // A pipe or a device would be read for ever.
    if (!stats.isFile()) return [{ file, message: 'is not a file' }]
    if (stats.size > MOST_BYTES) return [{ file, message: tooLarge(stats.size) }]
    return readCatalogBytes(await readFile(file), file)
  } catch (error) {
    return [{ file, message: `cannot be read: ${reasonOf(error)}` }]
  }
}

/** The same of bytes that are at hand. */
export function readCatalogBytes(bytes: Uint8Array, file: string): ReadCatalog | Problem[] {
  if (bytes.length > MOST_BYTES) return [{ file, message: tooLarge(bytes.length) }]
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    return [{ file, message: `cannot be read: ${reasonOf(error)}` }]
  }
  const parsed = parseCatalog(text, file)
  return Array.isArray(parsed) ? parsed : { ...parsed, text }
}

const tooLarge = (bytes: number) =>
  `${bytes} bytes are more than the ${MOST_BYTES} a catalog may have (some 5,000 codes with long texts): shorten or leave out meanings and actions`
