// The names of fields that hold codes, and how a value must look there.

/** How a value must look to be a code at that place. */
export type CodeForm =
  /** made for codes: any number or short text */
  | 'explicit'
  /** a number, or a word in code style, else an id of this very error */
  | 'id'
  /** one word */
  | 'word'
  /** one word or the address of a problem type */
  | 'type'
  /** one word, no reason phrase */
  | 'error'
  /** a word in capitals, or several joined by _ */
  | 'status'
  /** several words joined by _ */
  | 'snake'
  /** as snake, or two or more words in camel case */
  | 'name'
  /** as snake, in capitals */
  | 'capitals'
  /** SOAP's: of little worth where it says only whose fault it was */
  | 'fault'
  /** a path like path/not_found/.. */
  | 'path'

/** The lower its cost, the surer a name. */
export interface CodeKey {
  cost: number
  form: CodeForm
}

/** Names without case and separators. */
const ROWS: [keys: string, cost: number, form: CodeForm][] = [
  ['errcode errorcodename errorcodestring codename ecode', 0, 'explicit'],
  ['code errornumber errornum errno errnum errornr errorno', 1, 'explicit'],
  ['retcode rtncode returncode resultcode messagecode msgcode internalcode appcode', 1, 'explicit'],
  ['applicationcode customcode codestr businesscode apicode symboliccode', 1, 'explicit'],
  ['errorid', 2, 'id'],
  ['errorkey errorname errorslug errorsymbol errorstatus errorconstant', 3, 'word'],
  ['faultcode', 3, 'fault'],
  ['errortype exceptiontype errtype', 4, 'word'],
  ['errorsummary', 4, 'path'],
  ['statuscode', 4, 'explicit'],
  ['status', 4, 'status'],
  ['type', 5, 'type'],
  ['error', 5, 'error'],
  ['err errors exception fault reason errorreason reasoncode', 6, 'error'],
  ['tag errortag', 7, 'word'],
  ['message errormessage msg errmsg', 7, 'capitals'],
  ['category errorcategory messageid messagekey', 8, 'word'],
  ['name', 8, 'name'],
  ['kind key id slug identifier classification issue subtype shortname label', 9, 'snake'],
  ['detail description title result response errordescription', 10, 'capitals'],
]

const KEYS = new Map(
  ROWS.flatMap(([keys, cost, form]) => keys.split(' ').map((key) => [key, { cost, form }])),
)

/** AWS's name for the shape of an error. */
export const SHAPE: CodeKey = { cost: 0, form: 'explicit' }

export function codeKey(name: string): CodeKey | null {
  return KEYS.get(name) ?? (/(?:error|err|exception)code$/.test(name) ? { cost: 0, form: 'explicit' } : null)
}
