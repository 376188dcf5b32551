import { readCbor } from './cbor.ts'
import { isPage, pageTitle, pageWords } from './page.ts'
import { tolerantJson } from './tolerant-json.ts'
import { readXml } from './xml.ts'

/** A body as it can be read: a tree (JSON, XML, form, CBOR, an object), or words (plain, or the words of a page). */
export type Body =
  | { kind: 'tree'; tree: unknown }
  | { kind: 'words'; words: string; title: string | null }
  | { kind: 'empty' }

/** An error is short. Beyond this nothing is read, so that a whole download costs no more. */
const MOST_CHARACTERS = 65_536
/** Words before an embedded JSON object: `400 {"error":…}`, `data: {…}`, `)]}',`, `callback(`. */
const LONGEST_PREFIX = 120

/** `type` is the Content-Type; bodies lie about it, so it only decides where the text itself does not. */
export function readBody(given: unknown, type: string): Body {
  if (given === undefined || given === null) return { kind: 'empty' }
  if (typeof given === 'string') {
    const bytes = type.includes('cbor') ? fromBase64(given) : null
    return bytes === null
      ? readText(given.slice(0, MOST_CHARACTERS), type)
      : { kind: 'tree', tree: readCbor(bytes) }
  }
  const bytes = bytesOf(given)
  if (bytes !== null) {
    const start = bytes.subarray(0, MOST_CHARACTERS)
    return type.includes('cbor') ? { kind: 'tree', tree: readCbor(start) } : readText(decode(start), type)
  }
  return typeof given === 'object' ? { kind: 'tree', tree: given } : { kind: 'empty' }
}

function bytesOf(given: unknown): Uint8Array | null {
  if (given instanceof Uint8Array) return given
  if (given instanceof ArrayBuffer) return new Uint8Array(given)
  return ArrayBuffer.isView(given) ? new Uint8Array(given.buffer, given.byteOffset, given.byteLength) : null
}

const utf8 = new TextDecoder()
const utf16 = new TextDecoder('utf-16le')

const decode = (bytes: Uint8Array): string =>
  (bytes[0] === 0xff && bytes[1] === 0xfe ? utf16 : utf8).decode(bytes)

function readText(given: string, type: string): Body {
  const text = given.trim()
  // Compressed or binary: nothing in it is for reading.
  if (text === '' || /[\0\uFFFD]/.test(text.slice(0, 64))) return { kind: 'empty' }
  const first = text[0]
  if (first === '{' || first === '[') return readJson(text)
  if (first === '<') return readMarkup(text, type)
  if (first === '"') {
    const quoted = json(text)
    return { kind: 'words', words: typeof quoted === 'string' ? quoted : text, title: null }
  }
  const start = text.slice(0, LONGEST_PREFIX + 8).search(/[{[]\s*[{"]/)
  if (start >= 0 && start <= LONGEST_PREFIX) return readJson(text, start)
  const form = readForm(text, type)
  return form === null ? { kind: 'words', words: text, title: null } : { kind: 'tree', tree: form }
}

function readMarkup(text: string, type: string): Body {
  if (!isPage(text, type)) return { kind: 'tree', tree: readXml(text) }
  return { kind: 'words', words: pageWords(text), title: pageTitle(text) }
}

function readJson(text: string, start = 0): Body {
  const tree = start === 0 ? (json(text) ?? tolerantJson(text)) : tolerantJson(text, start)
  if (typeof tree === 'object' && tree !== null) return { kind: 'tree', tree }
  return { kind: 'words', words: text, title: null }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `error=invalid_grant&error_description=…`, or lines `Error=BadAuthentication`. */
function readForm(text: string, type: string): Record<string, string> | null {
  if (!/^[\w.%[\]-]{1,64}=/.test(text) || text.length > 8192) return null
  const isLines = /^[\w.-]{1,64}=[^\n&]*(?:\r?\n[\w.-]{1,64}=[^\n]*)*$/.test(text)
  if (!isLines && !type.includes('urlencoded') && /\s/.test(text)) return null
  const form: Record<string, string> = Object.create(null)
  for (const pair of text.split(isLines && text.includes('\n') ? /\r?\n/ : '&')) {
    const sign = pair.indexOf('=')
    if (sign > 0) form[pair.slice(0, sign)] ??= decodePart(pair.slice(sign + 1))
  }
  return form
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** Bytes that came through something that carries only text. */
function fromBase64(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/]+={0,2}\s*$/.test(text.slice(0, MOST_CHARACTERS))) return null
  try {
    return Uint8Array.from(atob(text.trim()), (char) => char.charCodeAt(0))
  } catch {
    return null
  }
}
