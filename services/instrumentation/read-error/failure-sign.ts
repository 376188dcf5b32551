import { isSuccessWord } from './code-text.ts'
import type { KeyMeaning } from './key-meaning.ts'
import { fieldOf, keysOf } from './tree.ts'

// A body that says itself that the call failed, whatever its status: `ok: false`, errors, a fault.

const SUCCESS_KEYS = /^(?:ok|success|successful|succeeded|is_?success(?:ful)?)$/i
const OUTCOME_KEYS =
  /^(?:status|stat|result|result_?code|outcome|object|type|request_?status|response_?status)$/i
/** Not `failed`: that is also the state of a job that was asked for in vain, by a call that did not fail. */
const FAILED_WORDS = /^(?:error|errors|err|fail|failure|nok|not_ok|ko|exception|fault)$/i

/** Does this field of an answer say that it failed? */
export function isSignOfFailure(key: string, value: unknown, { sign }: KeyMeaning): boolean {
  if (SUCCESS_KEYS.test(key)) return value === false || value === 'false' || value === 0
  if (typeof value === 'string') {
    if (OUTCOME_KEYS.test(key) && FAILED_WORDS.test(value)) return true
    return (
      sign &&
      value !== '' &&
      value !== '0' &&
      !/^0+$/.test(value) &&
      value !== 'false' &&
      !isSuccessWord(value)
    )
  }
  if (!sign) return false
  if (typeof value === 'number') return value !== 0 && value !== 200
  if (typeof value !== 'object' || value === null) return value === true
  // `error: { code: 'ok' }` is how some say that there was none.
  const code = fieldOf(value, 'code')
  return (
    keysOf(value).length > 0 &&
    code !== 0 &&
    !(typeof code === 'string' && (code === '0' || isSuccessWord(code)))
  )
}

/** `{ "code": 50011, "msg": "…" }` with nothing in it, as some answer under status 200. */
export function isFailureByNumber(object: object): boolean {
  const given = fieldOf(object, 'code')
  const code = typeof given === 'string' || typeof given === 'number' ? Number(given) : Number.NaN
  if (!Number.isInteger(code) || code === 0 || (code >= 200 && code < 300)) return false
  const words = fieldOf(object, 'msg') ?? fieldOf(object, 'message')
  if (typeof words !== 'string' || words === '' || /^(?:ok|success|succe|操作成功|成功)/i.test(words))
    return false
  const data = fieldOf(object, 'data') ?? fieldOf(object, 'result')
  return (
    data === undefined ||
    data === null ||
    data === '' ||
    (typeof data === 'object' && keysOf(data).length === 0)
  )
}
