import { canonicalStatus } from './canonical-code.ts'
import { habitOf, isStrong, notACode } from './code-shape.ts'
import { isAboutErrors } from './header-words.ts'
import { retryOfText } from './retry-words.ts'
import type { CodeStatement, StatedRetry } from './statement.ts'
import { labelledStatuses } from './status-text.ts'

// Enums, constants and maps of a program: `SEAT_TAKEN = "seat_taken"  # HTTP 409: somebody else has it`. What names
// codes and says their statuses is a list of codes in any language; a program that does not is none.

/** `enum CartUserErrorCode {`, `class ErrorCode(str, Enum):` */
const ENUM =
  /\benum\s+(?:(?:class|struct)\s+)?([\p{L}_]\w{1,80})|\bclass\s+(\w{2,80})\s*\([\w., ]{0,60}Enum\b/u
/** What stands for no error: `ERROR_REASON_UNSPECIFIED`. */
const NOTHING = /(?:^|_)(?:UNSPECIFIED|NONE|OK|SUCCESS|NO_ERROR)$/i
const COMMENT = /^\s*(?:\/\/+|#(?!\[)|--|\/?\*+\/?|"""|'''|;)\s?(.*?)(?:\*\/|"""|''')?\s*$/
/** GraphQL's. */
const DESCRIPTION = /^\s*"([^"]*\s[^"]*)"\s*$/
const BEHIND = /(?:\/\/+|\s#|\s--|\/\*+)\s?(.*?)(?:\*\/)?\s*$/
const MEMBER =
  /^\s*(?:(?:export|public|pub|static|final|const|readonly|case|val|let|var|define|private|internal|string|String|int)\s+){0,5}["'`]?([\p{L}_$][\p{L}\d_$./:-]{1,80}|\d{4,9})["'`]?\s*(?:[:=,({]|=>|;|$)(.*)$/u
const STRING = /["'`]([^"'`\s]{2,80})["'`]/
/** Not in "more than 500 lines". */
const STATUS = /(?<![\w.]|\b(?:than|over|to|most|least|under|of|after|every|per) )([45]\d\d)(?![\w.])/
const FLAG = /\b(?:is_?|can_?)?(?:retry|retr(?:y|i)able)\w*["']?\s*[:=(]\s*(true|false)\b/i
const LEAST = 3

interface Member {
  line: number
  /** The enum it stands in. */
  owner: string
  code: string
  http: number[]
  words: string
  retry: StatedRetry | null
}

/** `around`: the statuses of what stands over the program. */
export function listingIn(text: string, line: number, around: readonly number[]): CodeStatement[] {
  const members: Member[] = []
  let owner = ''
  let comment: string[] = []
  let inWords = false
  for (const [at, source] of text.split('\n', 5000).entries()) {
    const trimmed = source.trim()
    if (trimmed === '"""' || trimmed === "'''") {
      inWords = !inWords
      if (inWords) comment = []
      continue
    }
    const said = inWords ? trimmed : (COMMENT.exec(source) ?? DESCRIPTION.exec(source))?.[1]
    if (said !== undefined) {
      comment.push(said)
      continue
    }
    if (source.length > 500) continue
    const [, named, derived] = ENUM.exec(source) ?? []
    const opened = named ?? derived
    if (opened !== undefined) owner = opened
    const member = opened === undefined ? memberOf(source, comment.join(' '), line + at + 1) : null
    if (member !== null) members.push({ ...member, owner })
    comment = []
  }
  const withStatus = members.filter(({ http }) => http.length > 0)
  const sayStatus = withStatus.length >= LEAST && withStatus.length >= members.length * 0.7
  const enumerated = members.filter(
    (each) => isAboutErrors(each.owner) && (each.http.length > 0 || !NOTHING.test(each.code)),
  )
  const listed = sayStatus ? withStatus : enumerated.length >= LEAST ? enumerated : []
  return listed.map(({ line: from, code, http, words, retry }) => ({
    about: 'code',
    line: from,
    code,
    http: http.length > 0 ? http : [...around],
    inherits: http.length === 0,
    meaning: words,
    action: '',
    retry,
    from: 'definition',
    context: '',
  }))
}

function memberOf(source: string, above: string, line: number): Omit<Member, 'owner'> | null {
  const behind = BEHIND.exec(source)
  const program = behind === null ? source : source.slice(0, behind.index)
  const found = MEMBER.exec(program)
  if (found === null) return null
  const [, name, rest] = found
  const value = STRING.exec(rest)?.[1]
  const isMap = /^\s*["'`]/.test(program) || /^\s*\{/.test(rest)
  const code = !isMap && value !== undefined && isCode(value) ? value : name
  if (!isCode(code) || (!isStrong(code) && code === name && !isMap && !/^\p{Lu}{3,}$/u.test(code)))
    return null
  const words = [above, behind?.[1] ?? '']
    .filter((each) => each !== '')
    .join(' ')
    .trim()
  const own = STATUS.exec(rest)?.[1]
  const http = own !== undefined ? [Number(own)] : statusesOf(words)
  const flag = FLAG.exec(rest)?.[1]
  const spoken = retryOfText(words)
  const retry: StatedRetry | null =
    flag !== undefined
      ? { said: flag === 'true' ? 'yes' : 'never', basis: 'column' }
      : spoken
        ? { said: spoken.said, basis: spoken.explicit ? 'text' : 'implied' }
        : null
  return { line, code, http, words, retry }
}

/** What a comment says: labelled, a lone number, or gRPC's name for it. */
function statusesOf(words: string): number[] {
  const labelled = labelledStatuses(words).exact
  if (labelled.length > 0) return labelled
  const status = STATUS.exec(words)?.[1] ?? canonicalStatus(words)
  return status === null ? [] : [Number(status)]
}

const isCode = (text: string): boolean => habitOf(text) !== null && notACode(text) === null
