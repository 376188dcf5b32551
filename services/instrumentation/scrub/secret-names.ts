// Which names say that what follows them (`name=…`, `name: …`, `"name":"…"`) is a secret.

/** Whole names, or their last part: `password`, `db_password`, `dbPassword`. */
const ENDINGS =
  'password passwd passphrase secret token apikey accesskey secretkey privatekey signingkey encryptionkey credential credentials signature sessionid'.split(
    ' ',
  )
/** Only as the whole name, or behind a joint: parts of too many other words. */
const WORDS = 'pass pwd auth otp pin cvv cvc ssn sid sig jwt'.split(' ')
/** Followed by a secret to the end of the line. */
const TO_LINE_END = 'authorization proxyauthorization cookie setcookie'.split(' ')
/** What makes a word before `key:` one name with it. */
const KINDS_OF_KEY = 'api access secret private signing encryption'.split(' ')
/** What stands where a secret would, and tells nothing: `token: expired`. */
const HARMLESS =
  'null none nil undefined true false missing absent empty invalid malformed expired revoked rejected required denied mismatch unknown wrong must is was has not cannot should failed'.split(
    ' ',
  )
const SCHEMES = 'bearer basic digest negotiate'.split(' ')
/** Words after `bearer` or `basic` that are none of its tokens. */
const AFTER_SCHEME =
  'auth authentication authorization token tokens credential credentials scheme header realm access error'.split(
    ' ',
  )

/** How much of what follows a name is secret; `key` only says so behind `=`, or behind one of KINDS_OF_KEY. */
type Secrecy = 'none' | 'key' | 'value' | 'line'

/** The last letters of all these names: what ends otherwise need not be looked at. */
export const LAST_LETTERS = new Set(
  [...ENDINGS, ...WORDS, ...TO_LINE_END, 'key'].map((name) => name.charCodeAt(name.length - 1)),
)

// Names repeat; what is made of one is not found out twice. Bounded, for names come from outside.
const known = new Map<string, Secrecy>()
const MOST_KNOWN = 1000

export function secrecyOf(name: string): Secrecy {
  let secrecy = known.get(name)
  if (secrecy === undefined) {
    if (known.size === MOST_KNOWN) known.clear()
    secrecy = findSecrecy(name)
    known.set(name, secrecy)
  }
  return secrecy
}

function findSecrecy(name: string): Secrecy {
  const flat = name.replace(/[-_.]/g, '').toLowerCase()
  if (TO_LINE_END.includes(flat)) return 'line'
  if (ENDINGS.some((ending) => flat.endsWith(ending))) return 'value'
  if (WORDS.includes(/[A-Za-z0-9]*$/.exec(name)![0].toLowerCase())) return 'value'
  return /(?:^|[-_.])key$/i.test(name) || name.endsWith('Key') ? 'key' : 'none'
}

export const isKindOfKey = (word: string): boolean => KINDS_OF_KEY.includes(word.toLowerCase())
export const isHarmless = (value: string): boolean => value === '' || HARMLESS.includes(value.toLowerCase())
export const isScheme = (word: string): boolean => SCHEMES.includes(word.toLowerCase())
export const isAfterScheme = (word: string): boolean => AFTER_SCHEME.includes(word.toLowerCase())
