import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

// A block of a document that has a file's name is a file: ```python title="checkout.py"

const DOCUMENTS = join(import.meta.dirname, '../../docs/instrument')
/** What tells where to go, and the one that the hook's own tests run. */
const RUN_ELSEWHERE = ['README.md', 'node.md']

const BLOCK = /^```(\w*)(?: title="([^"]+)")?\n([\s\S]*?)^```$/gm

export interface Block {
  language: string
  /** Undefined where it is there to be read only. */
  title: string | undefined
  text: string
}

export const documents = (): string[] =>
  readdirSync(DOCUMENTS).filter((name) => name.endsWith('.md') && !RUN_ELSEWHERE.includes(name))

export function blocksOf(document: string): Block[] {
  const source = readFileSync(join(DOCUMENTS, document), 'utf8')
  return [...source.matchAll(BLOCK)].map(([, language = '', title, text = '']) => ({ language, title, text }))
}

/** Name → text. */
export const filesOf = (document: string): Map<string, string> =>
  new Map(blocksOf(document).flatMap(({ title, text }) => (title === undefined ? [] : [[title, text]])))
