import type { Catalog } from '../../catalog/schema.ts'

/** What the body of an error says of itself; null where it does not. */
export interface ReadBody {
  code: string | null
  message: string | null
  requestId: string | null
}

/** Where APIs write these, the most telling places first; a catalog that says where comes before. */
const USUAL = {
  code: [
    '/error/code',
    '/code',
    '/errors/0/code',
    '/error_code',
    '/errorCode',
    '/error/type',
    '/error/status',
    '/__type',
    '/error',
    '/type',
  ],
  message: [
    '/error/message',
    '/message',
    '/errors/0/message',
    '/error_description',
    '/detail',
    '/errors/0/detail',
    '/title',
    '/error',
  ],
  request_id: ['/meta/request_id', '/request_id', '/error/request_id', '/requestId', '/error/requestId'],
}
const LONGEST_CODE = 128
const LONGEST_TEXT = 1024

/** A body as text or as the JSON it is. */
export function readBody(body: unknown, envelope: Catalog['envelope'] = {}): ReadBody {
  const json = typeof body === 'string' ? parsed(body) : body
  const first = (name: keyof typeof USUAL, longest: number) =>
    [envelope[name], ...USUAL[name]]
      .map((pointer) => (pointer === undefined ? null : textAt(json, pointer, longest)))
      .find((text) => text !== null) ?? null
  return {
    code: codeLike(first('code', LONGEST_CODE)),
    message: first('message', LONGEST_TEXT),
    requestId: first('request_id', LONGEST_CODE),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function textAt(json: unknown, pointer: string, longest: number): string | null {
  let value = json
  for (const part of pointer.slice(1).split('/')) {
    if (typeof value !== 'object' || value === null) return null
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (!Object.hasOwn(value, key)) return null
    value = (value as Record<string, unknown>)[key]
  }
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, longest) : null
}

/** A sentence is a message, wherever it stands; an address of a problem type is none of ours to know. */
const codeLike = (text: string | null): string | null =>
  text !== null && /^[\w.:#-]+$/.test(text) ? text : null
