// What the header of a column says it holds, in the languages pages are written in. A hint: the cells decide.

export type Role = 'code' | 'type' | 'status' | 'retry' | 'meaning' | 'action' | 'foreign'

/** Checked in order: "Retry code" is about retrying, "Header name" about headers. */
const ROLES: readonly (readonly [Role, RegExp])[] = [
  [
    'retry',
    /retr(?:y|ie[sd]?|iable|yable)|safe to re|idempotent\?|wiederhol|erneut|r[eé]essa|nouvelle tentative|reintent|retent[ea]|repet|ripet|riprov|riprovabile|再試行|リトライ|重试|重試|повтор|재시도|opnieuw|ponow|ponaw|tekrar|прo?бовать снова/,
  ],
  [
    'status',
    /^http\b|\bhttp[- ]?(?:status|code|response)|(?:http|response)[- ]?status|status ?codes?$|^status$|^statut|estado|^stato|状态码|狀態碼|^状态$|ステータス|^статус|http[- ]?(?:статус|код|状态|ステータス|상태)|상태|^durum|статус[- ]?код|^response code$/,
  ],
  [
    'foreign',
    /header|parameter|^params?$|argument|attribute|propert(?:y|ies)|^fields?$|field name|variable|^events?$|event (?:type|name)|scope|permission|^methods?$|endpoint|^path$|route|currency|country|region|locale|language|media type|^option|environment|^plan$|^tiers?$|categor|warning|^models?$|feature|^roles?$|webhook|^limits?$|required$|default|enum|^value$|operation|^key$|flag|setting|format|^unit|resource|kopfzeile|feld\b|ereignis|en-t[eê]te|param[eèé]tr|[eé]v[eé]nement|champ|cabece|cabe[cç]al|campo|evento|intestazion|ヘッダ|パラメ|イベント|フィールド|参数|字段|请求头|事件|заголов|параметр|поле|событи|헤더|매개변수/,
  ],
  [
    'code',
    /codes?$|^codes?\b|^errors?(?: ?(?:name|id|key|string|constant|slug|identifier))?$|error ?code|^reasons?$|^exceptions?$|^symbol|^constant|^names?$|^identifier|^(?:error )?id$|^slug$|fehler ?(?:code|nummer|kennung)?$|^kennung|code d.?erreur|^erreur|c[oó]d[ií]go|codice|^errore$|^erro$|コード|エラー$|错误码|错误代码|錯誤碼|错误$|代码|код|ошибк|코드|오류|foutcode|kod\b|hata kodu|rpc|canonical/,
  ],
  ['type', /^(?:error )?types?$|^class$|^kind$|^typ$|fehlertyp/],
  [
    'action',
    /action|solution|resol|what to do|how to|^fix|remed|handling|recommend|advice|next step|suggest|mitigat|l[oö]sung|ma[sß]+nahme|abhilfe|was tun|que faire|soluci|acci[oó]n|solu[cç]|a[cç][aã]o|azione|soluzion|対処|対応|解決|解决|处理|處理|建议|решени|действи|что делать|조치|해결|대처|oplossing|rozwi/,
  ],
  [
    'meaning',
    /descri|meaning|message|detail|explan|notes?$|comment|cause|what it means|summary|^text$|title|bedeutung|beschreib|erkl[aä]r|ursache|signif|explic|mensa[gj]e|meldung|説明|意味|内容|原因|メッセージ|说明|說明|描述|含义|信息|описан|значени|сообщ|설명|의미|메시지|betekenis|opis|a[cç][iı]klama/,
  ],
]

/** Pages repeat their headers, and every line is tried as one. */
const remembered = new Map<string, Role | null>()
const MOST_REMEMBERED = 5000

export function roleOf(header: string): Role | null {
  if (header.length > 80) return null
  let role = remembered.get(header)
  if (role === undefined) {
    if (remembered.size >= MOST_REMEMBERED) remembered.clear()
    role = judge(header)
    remembered.set(header, role)
  }
  return role
}

function judge(header: string): Role | null {
  const words = header
    .toLowerCase()
    .replace(/[*`_?:：？]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  if (words === '' || words.length > 60) return null
  return ROLES.find(([, pattern]) => pattern.test(words))?.[0] ?? null
}

const ERRORS =
  /error|fail|exception|fault|problem|declin|reject|troubleshoot|went wrong|fehler|erreur|errore|erro\b|erros\b|エラー|错误|錯誤|ошиб|오류|에러|fout|b[łl][ęe]d|hata/i

/** Does a heading or a sentence speak of errors, in any of these languages? */
export const isAboutErrors = (text: string): boolean => ERRORS.test(text)

const FOREIGN_TOPIC =
  /\b(?:headers?|parameters?|arguments?|attributes|fields|properties|events?|webhooks?|scopes?|environment|variables?|currenc(?:y|ies)|countr(?:y|ies)|enums?|media types?|locales?|regions?|plans?|models?|test cards?|glossary|quick ?start|changelog|permissions?|endpoints?|methods?|options?|settings?|warnings?|categories)\s*$|^(?:request|query|body|path|rate limit) (?:headers?|parameters?|fields?)|^headers?\b|^(?:\w+ )?(?:events?|webhooks?|scopes?|permissions?) (?:types?|names?|list|reference)$|^(?:order|payment|job|transaction|delivery) status(?:es)?$|^(?:kopfzeilen|en-t[eê]tes|cabeceras|cabe[cç]alhos|ヘッダー|リクエストヘッダー|请求头|参数|заголовки|[eé]v[eé]nements|eventos|ereignisse)/i

/** A heading over something that has names of its own and is not about errors. */
export const isForeignTopic = (heading: string): boolean =>
  FOREIGN_TOPIC.test(heading.trim()) && !/error codes?|errors?$/i.test(heading)
