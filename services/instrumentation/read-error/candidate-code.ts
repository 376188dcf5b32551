import type { CodeForm } from './code-keys.ts'
import {
  explicitCode,
  isCamel,
  isPhrase,
  isSnake,
  isUpper,
  isUpperSnake,
  isWord,
  repeatsStatus,
} from './code-text.ts'
import { problemCode } from './problem-type.ts'

export interface Candidate {
  text: string
  /** Added to what its place costs. */
  cost: number
}

/** Taken only where the body has nothing better: a status under a name that promises a code, a SOAP fault's side. */
const LAST_RESORT = 200
const CAPITALS_FIRST = /^([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\s*:/
/** `EAPI:Rate limit exceeded`: an area, and words for the code. */
const AREA_AND_WORDS = /^[A-Z][A-Za-z]{1,20}:[A-Z][A-Za-z ]{2,60}$/
const FAULT_SIDES = /^(?:Client|Server|Sender|Receiver|MustUnderstand|VersionMismatch|DataEncodingUnknown)$/

/** The code that a value is, if it has the form that its place asks for. */
export function candidateCode(
  value: string | number,
  form: CodeForm,
  placeCost: number,
  status: number,
): Candidate | null {
  if (form === 'explicit') return explicit(value, placeCost, status)
  if (typeof value === 'number') return numbered(value, form, placeCost, status)
  const text = value.trim()
  if (text.length > 256) return null
  switch (form) {
    case 'id':
      return isShortCode(text) ? { text, cost: 0 } : null
    case 'word':
      return isWord(text) ? { text, cost: 0 } : null
    case 'type':
      return typed(text)
    case 'error':
      return (isWord(text) && !isPhrase(text)) || AREA_AND_WORDS.test(text) ? { text, cost: 0 } : null
    case 'status':
      return isWord(text) ? statusWord(text) : null
    case 'snake':
      return isWord(text) && isSnake(text) ? { text, cost: 0 } : null
    case 'name':
      return isWord(text) && (isSnake(text) || isCamel(text) || /^[A-Za-z]+(?:_[A-Za-z]+)+$/.test(text))
        ? { text, cost: isUpper(text) ? 0 : 4 }
        : null
    case 'capitals':
      return capitals(text)
    case 'fault':
      return fault(text)
    case 'path':
      return path(text)
  }
}

/** Numbers are codes under few names that are not made for them: `error: 6`, `status: 10003`. */
function numbered(value: number, form: CodeForm, placeCost: number, status: number): Candidate | null {
  if (form === 'status') return value > 999 ? { text: String(value), cost: 5 } : null
  return form === 'id' || form === 'error' ? explicit(value, placeCost, status) : null
}

function explicit(value: string | number, placeCost: number, status: number): Candidate | null {
  const text = explicitCode(value)
  if (text === null) return null
  if (/^\d{3}$/.test(text) && repeatsStatus(Number(text), status)) {
    return placeCost === 0 ? { text, cost: LAST_RESORT } : null
  }
  // A bare -1 says no more than "failed".
  return { text, cost: text === '-1' ? 12 : 0 }
}

/** `RESOURCE_EXHAUSTED` rather than `ABORTED` rather than `quota_exceeded`: one word alone may be the state of a thing. */
function statusWord(text: string): Candidate | null {
  if (isUpperSnake(text)) return { text, cost: 0 }
  if (isUpper(text)) return { text, cost: 3 }
  return isSnake(text) ? { text, cost: 5 } : null
}

function isShortCode(text: string): boolean {
  return isWord(text) && (isUpper(text) || isSnake(text)) && text.length <= 64 && !/\d{6}/.test(text)
}

function typed(text: string): Candidate | null {
  if (/^(?:https?:\/\/|about:|urn:|tag:|\/)|^[\w.-]+\/.*\//i.test(text)) {
    const code = problemCode(text)
    return code === null ? null : { text: code, cost: 0 }
  }
  return isWord(text) ? { text, cost: 0 } : null
}

function capitals(text: string): Candidate | null {
  if (isUpperSnake(text) && isWord(text)) return { text, cost: 0 }
  const [, first] = CAPITALS_FIRST.exec(text) ?? []
  if (first !== undefined && first.length <= 64) return { text: first, cost: 1 }
  return isSnake(text) && isWord(text) && !text.includes('-') ? { text, cost: 4 } : null
}

function fault(text: string): Candidate | null {
  const name = text.slice(text.lastIndexOf(':') + 1).trim()
  if (FAULT_SIDES.test(name)) return { text: name, cost: LAST_RESORT + 1 }
  return explicitCode(name) === null ? null : { text: name, cost: 0 }
}

function path(text: string): Candidate | null {
  if (!/^[\w/.-]+$/.test(text) || !text.includes('/')) return capitals(text)
  const named = text.replace(/(?:\/\.{0,3})+$/, '')
  return named === '' ? null : { text: named, cost: 0 }
}
