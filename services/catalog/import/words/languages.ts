// The words of tables in the languages pages are written in, as stems: data for the readers of headers and of cells.
// English is in header-words.ts and retry-words.ts, where its ambiguities are told apart.

export interface Vocabulary {
  code: string
  status: string
  meaning: string
  action: string
  retry: string
  /** What names something else than an error. */
  foreign: string
  /** How a cell about retrying begins. */
  yes: string
  no: string
  maybe: string
}

export const LANGUAGES: Readonly<Record<string, Vocabulary>> = {
  de: {
    code: 'fehler ?-?(?:code|nummer|kennung|schlüssel|name|bezeichnung|typ)?$|^kennung|^schlüssel$|^bezeichner$',
    status: 'http-?(?:status|antwort|code)|status-?code|antwortstatus|statuswert',
    meaning:
      'bedeutung|beschreib|erkl[aä]r|ursache|meldung|nachricht|hinweis|bemerkung|anmerkung|^text$|grund$',
    action: 'l[oö]sung|ma(?:ss|ß)nahme|abhilfe|was tun|vorgehen|empfehl|behebung|reaktion|handlung|zu tun',
    retry: 'wiederhol|erneut|nochmal|neuer versuch|neu versuchen',
    foreign: 'kopfzeile|feld(?:er|name)?$|ereignis|pflicht$|^parameter|standardwert|einheit',
    yes: 'ja|immer|m[oö]glich|erlaubt|sinnvoll|wiederholbar',
    no: 'nein|nie(?:mals)?|nicht|kein|unm[oö]glich|zwecklos',
    maybe: 'bedingt|manchmal|eventuell|vielleicht|unter umst|nur wenn|nur bei|teilweise|je nach',
  },
  fr: {
    code: "codes? (?:d[’' ]?)?erreur|^erreurs?$|^identifiant$|^nom de l[’' ]erreur",
    status: 'statut|code (?:de )?(?:r[eé]ponse|retour|[eé]tat)|[eé]tat http|^[eé]tat$',
    meaning: 'signif|explic|description|message|libell[eé]|cause|motif|d[eé]tail|remarque|commentaire',
    action: 'que faire|action|solution|rem[eè]de|recommand|r[eé]solution|correction|conseil|marche à suivre',
    retry:
      'r[eé]essa[iy]|r[eé]essaya|nouvelle tentative|nouvel essai|retent(?:er|ative)|rejou|renvoy|r[eé]p[eé]t|relanc|r[eé][eé]mettre',
    foreign: 'en-t[eê]te|param[eèé]tr|[eé]v[eé]nement|champs?$|obligatoire|par d[eé]faut',
    yes: 'oui|toujours|possible|autoris[eé]',
    no: 'non|jamais|aucun|impossible|inutile|ne pas|interdit',
    maybe: 'parfois|[eé]ventuel|peut-être|selon|sous condition|si |uniquement si|seulement si',
  },
  es: {
    code: 'c[oó]digos?(?: (?:de|del) (?:error|fallo))?$|^errore?s?$|^c[oó]digo|nombre del error|^identificador$',
    status: 'estado|c[oó]digo (?:de )?(?:respuesta|http)|respuesta http',
    meaning: 'signific|explica|descrip|mensaje|causa|motivo|detalle|^texto$|comentario|observaci',
    action: 'soluci|acci[oó]n|qu[eé] hacer|recomenda|remedio|medida|c[oó]mo resolver|resoluci|correcci',
    retry:
      'reint[eé]nt|int[eé]ntar? de nuevo|volver a (?:intentar|enviar)|repet|reenv|nuevo intento|se puede repetir',
    foreign: 'cabecera|encabezado|campos?$|evento|par[aá]metro|obligatorio|por defecto',
    yes: 's[ií]|siempre|puede|se puede|posible|permitido',
    no: 'no|nunca|jam[aá]s|ning[uú]n|imposible|in[uú]til',
    maybe: 'a veces|quiz[aá]s|depende|seg[uú]n|s[oó]lo si|condicional|tal vez|en algunos',
  },
  it: {
    code: "codic[ei](?: (?:di |dell[’'])?errore)?$|^errori?$|nome (?:dell[’'])?errore|^identificativo$",
    status: '^stato|codice (?:di )?(?:stato|risposta|http)|risposta http|stato http',
    meaning: 'significa|spiega|descri|messaggio|causa|motivo|dettagli|^testo$|^note$',
    action: 'azione|soluzion|cosa fare|rimedio|raccomand|risoluzion|correzion|consigli|come risolvere',
    retry: 'ripro[vb]|ritent|ripet|rinvi|nuovo tentativo|reinvi|riesegu',
    foreign: 'intestazion|camp[oi]$|evento|parametr|obbligatorio|predefinito',
    yes: 's[iì]|sempre|possibile|consentito',
    no: 'no|mai|nessun|impossibile|non|inutile',
    maybe: 'a volte|forse|dipende|talvolta|solo se|condizion|eventual',
  },
  pt: {
    code: 'c[oó]digos?(?: (?:de|do) erro)?$|^erros?$|^c[oó]digo|nome do erro|^identificador$',
    status: 'estado|^status|c[oó]digo (?:de )?(?:resposta|status|http)|resposta http',
    meaning: 'signific|explica|descri|mensagem|causa|motivo|detalhe|^texto$|observa[cç]',
    action:
      'solu[cç]|a[cç][aã]o|a[cç][oõ]es|o que fazer|recomenda|provid[eê]ncia|como resolver|resolu[cç]|corre[cç]',
    retry:
      'tentar (?:de )?nov|nova tentativa|novas tentativas|retent(?:ar|ativa)|repet|reenvi|tentar outra vez|tente (?:de )?nov|reprocess',
    foreign: 'cabe[cç]alho|campos?$|evento|par[aâ]metro|obrigat[oó]rio|padr[aã]o$',
    yes: 'sim|sempre|pode(?!m? n)|poss[ií]vel|permitido',
    no: 'n[aã]o|nunca|jamais|nenhum|imposs[ií]vel|in[uú]til',
    maybe: 'às vezes|as vezes|talvez|depende|somente se|s[oó] se|apenas se|condicional|em alguns',
  },
  nl: {
    code: 'fout(?:code|nummer|naam|melding ?code|sleutel)?s?$|^fout',
    status: 'http-?status|status(?:code)?$|antwoordcode',
    meaning:
      'betekenis|omschrijving|beschrijving|uitleg|oorzaak|bericht|melding|toelichting|reden|opmerking|verklaring',
    action: 'oplossing|actie|wat te doen|aanpak|aanbevel|maatregel|advies|handeling',
    retry: 'opnieuw|herhaal|herhal|nogmaals|herprob',
    foreign: 'koptekst|veld(?:en)?$|gebeurtenis|parameter|verplicht|standaard(?:waarde)?$',
    yes: 'ja|altijd|mogelijk|toegestaan',
    no: 'nee|nooit|niet|geen|onmogelijk|zinloos',
    maybe: 'soms|misschien|afhankelijk|alleen als|voorwaardelijk',
  },
  pl: {
    code: 'kod(?:y)?(?: b[łl][ęe]du)?$|^b[łl][ąa]d$|nazwa b[łl][ęe]du|^kod b',
    status: 'status|kod (?:odpowiedzi|http|statusu)|odpowied[zź] http',
    meaning: 'znaczen|opis|komunikat|wiadomo[sś]|przyczyn|wyja[sś]n|tre[sś][cć]|uwagi|szczeg',
    action: 'rozwi[aą]z|co (?:z)?robi|dzia[lł]ani|zalec|akcja|naprawa|post[eę]powan',
    retry: 'pon[oó]w|ponaw|powt[oó]rz|powtarz|spr[oó]bowa|ponown',
    foreign: 'nag[lł][oó]w|pole$|pola$|zdarzen|parametr|wymagan|domy[sś]l',
    yes: 'tak|zawsze|mo[zż]na|mo[zż]liw',
    no: 'nie|nigdy|[zż]aden|niemo[zż]liw|nie mo[zż]na',
    maybe: 'czasem|czasami|mo[zż]e by[cć]|zale[zż]y|warunkowo|tylko je[sś]li|tylko gdy',
  },
  ru: {
    code: 'код(?:ы)?(?: ошибки| ошибок)?$|ошибк|название ошибки|идентификатор',
    status: '^статус|http[- ]?(?:статус|код)|статус[- ]?код|код (?:ответа|состояния|статуса|http)|состояние',
    meaning: 'описан|значени|сообщ|причин|пояснен|расшифровк|текст|смысл|примечан|комментар|подробн',
    action: 'решени|действи|что делать|рекоменд|как исправить|устранен|способ|совет',
    retry: 'повтор|пробовать снова|попробовать|попытк|переотправ',
    foreign: 'заголов|параметр|поле$|поля$|событи|обязательн|по умолчанию',
    yes: 'да|можно|всегда|возможно|разреш|допустим',
    no: 'нет|нельзя|никогда|не|невозможн|запрещ|бесполезн',
    maybe: 'иногда|может быть|зависит|условно|только если|только при|по ситуации',
  },
  uk: {
    code: 'код(?:и)?(?: помилки| помилок)?$|помилк',
    status: 'статус|код (?:відповіді|стану)|стан$',
    meaning: 'опис|значенн|повідомлен|причин|пояснен|зміст',
    action: 'рішенн|дії|що робити|рекоменд|як виправити',
    retry: 'повтор|спробувати|спроб',
    foreign: 'заголов|параметр|поле$|поді',
    yes: 'так|можна|завжди|можливо',
    no: 'ні|не|ніколи|не можна|неможлив',
    maybe: 'іноді|інколи|залежить|лише якщо|тільки якщо',
  },
  cs: {
    code: 'k[oó]d(?:y)?(?: chyby)?$|^chyb[ay]$|n[aá]zev chyby',
    status: 'stavov[yý]|stav(?: http)?$|http stav',
    meaning: 'popis|v[yý]znam|zpr[aá]va|p[rř][ií][cč]ina|vysv[eě]tlen',
    action: '[rř]e[sš]en|co d[eě]lat|opat[rř]en|doporu[cč]',
    retry: 'opakova|zopakovat|znovu|nov[yý] pokus',
    foreign: 'hlavi[cč]k|parametr|pole$|ud[aá]lost',
    yes: 'ano|v[zž]dy|lze',
    no: 'ne|nikdy|nelze|ne[mn]o[zž]n',
    maybe: 'n[eě]kdy|mo[zž]n[aá]|z[aá]vis[ií]|pouze pokud',
  },
  sv: {
    code: '^fel(?:kod|koder|namn|nummer)?$|feilkode|fejlkode|^feil$|^fejl$',
    status: 'http-?status|statuskod|statuskode|svarskod',
    meaning:
      'betydelse|beskrivning|beskrivelse|f[oö]rklaring|orsak|meddelande|melding|besked|[aå]rsag|betydning',
    action: '[aå]tg[aä]rd|l[oö]sning|vad g[oö]ra|hva gj[oø]re|handling|anbefal|rekommend',
    retry: 'f[oö]rs[oö]k igen|p[aå] nytt|upprepa|gentag|gjenta|omf[oö]rs[oö]k',
    foreign: 'huvud$|f[aä]lt$|felt$|h[aä]ndelse|parameter',
    yes: 'ja|alltid|altid|m[oö]jligt',
    no: 'nej|nei|aldrig|aldri|inte|ikke|om[oö]jligt',
    maybe: 'ibland|kanske|beror|nogle gange|noen ganger|kun hvis|endast om',
  },
  tr: {
    code: 'hata(?: kodu| adı| kodları)?$|^kod(?:u)?$',
    status: '^durum|http durum|yanıt kodu',
    meaning: 'a[cç][iı]klama|anlam|mesaj|neden|tan[iı]m|detay',
    action: '[cç][oö]z[uü]m|ne yap|eylem|[oö]neri|i[sş]lem$',
    retry: 'tekrar|yeniden',
    foreign: 'ba[sş]l[iı]k|parametre|alan$|olay|zorunlu',
    yes: 'evet|her zaman|m[uü]mk[uü]n|denenebilir',
    no: 'hay[iı]r|asla|de[gğ]il|imk[aâ]ns[iı]z|denenemez',
    maybe: 'bazen|belki|ba[gğ]l[iı]|sadece',
  },
  ja: {
    code: 'コード|エラー(?:名|種別|id)?$',
    status: 'ステータス|状態コード|レスポンスコード|httpコード',
    meaning: '説明|意味|内容|原因|メッセージ|概要|詳細|理由|備考',
    action: '対処|対応|解決|対策|処置|推奨|アクション',
    retry: '再試行|リトライ|再送|再実行|再度',
    foreign: 'ヘッダ|パラメ|イベント|フィールド|項目|必須|既定値',
    yes: 'はい|可能|可(?!否|不)|できます|できる|有|必要(?!なし)|推奨|する|○|◯|〇|◎',
    no: 'いいえ|不可|できません|できない|なし|無|不要|しない|しません|禁止|非推奨|×|✕',
    maybe: '場合|条件|状況|一部|△|時々',
  },
  zh: {
    code: '错误码|错误代码|錯誤碼|錯誤代碼|错误$|代码|代碼|返回码|错误名|错误编号|错误标识|异常码|业务码',
    status: '状态码|狀態碼|^状态$|^狀態$|http[- ]?(?:状态|狀態|码|碼|代码)|响应码|回應碼',
    meaning: '说明|說明|描述|含义|含義|信息|訊息|原因|解释|详情|备注|提示',
    action: '解决|解決|处理|處理|建议|建議|措施|方案|排查|怎么办|应对',
    retry: '重试|重試|重发|重新(?:请求|发送|提交|调用)|重送',
    foreign: '参数|參數|字段|欄位|请求头|请求標頭|事件|必填|默认值',
    yes: '是|可(?!不)|可以|可能|能|有|支持|允许|需要|对|总是|建议',
    no: '否|不|无|無|没有|禁止|勿|从不|永不|绝不|從不|非|错',
    maybe: '视|視|看情况|取决|有时|部分|条件|條件',
  },
  ko: {
    code: '코드|오류(?: ?명| ?이름)?$|에러(?: ?명)?$',
    status: '상태|http[- ]?(?:상태|코드)|응답 ?코드',
    meaning: '설명|의미|메시지|내용|원인|사유|상세|비고',
    action: '조치|해결|대처|대응|권장|처리|방법',
    retry: '재시도|다시|재전송|재요청',
    foreign: '헤더|매개변수|파라미터|필드|이벤트|필수|기본값',
    yes: '예|네|가능|항상|권장|필요|된다|됩니다|○',
    no: '아니|불가|없음|안 ?됨|안 ?돼|금지|하지|절대|불필요|×',
    maybe: '경우|조건|상황|가끔|때때로|일부',
  },
}

/** One alternative of all languages' words for this. */
export const inAllLanguages = (what: keyof Vocabulary): string =>
  Object.values(LANGUAGES)
    .map((words) => words[what])
    .join('|')
