// What pages in other languages than English say of sending again, as patterns: data for retry-words.ts. A word that
// may go on ends with `*`.

export interface RetryVocabulary {
  /** To send again. */
  again: string
  /** A "not" that may stand before it; `after` where it stands behind. */
  not: string
  after?: string
  /** A whole that says not to. */
  never?: string
  /** What must be changed first, so that it is another request. */
  changed: string
  /** What only a person does. */
  person: string
  later: string
  wait: string
  reauth: string
  newKey: string
}

const RETRY_LANGUAGES: Readonly<Record<string, RetryVocabulary>> = {
  de: {
    again:
      'wiederhol*|erneut (?:versuch*|send*|gesendet|aufruf*|abschick*|abgeschickt|probier*|übermittel*)|(?:versuch*|probier*|send*|schick*) [^.;]{0,40}?(?:erneut|noch ?mals?|wieder|später)|noch ?mals? (?:versuch*|send*|probier*|schick*)|neuer versuch',
    not: 'nicht|keine?n?|nie(?:mals)?|zwecklos|sinnlos',
    after: 'nicht|zwecklos|sinnlos|bringt nichts|ändert nichts|hilft nicht',
    changed: 'korrigier*|berichtig*|änder*|ergänz*|anpass*',
    person:
      'kontaktieren sie|wenden sie sich an|an den support|support kontaktieren|(?:können|kann|muss|müssen) [^.;]{0,30}gebucht werden|aufladen|neuen (?:api-)?schlüssel (?:erzeug*|erstell*|anforder*)',
    later: 'später',
    wait: 'warte*|beacht*|abwarten',
    reauth:
      'neu anmeld*|erneuter? anmeld*|(?:neues|frisches) (?:zugriffs)?token|token (?:erneuer*|auffrisch*)',
    newKey: 'neue[rnm]? (?:idempotenz)?-?schl*',
  },
  fr: {
    again:
      'r[eé]essa*|retent(?:ez|er|ative*)|renvoy*|relanc*|rejou*|r[eé]it[eé]r*|r[eé]p[eé]t(?:er|ez|ée?)|nouvelle tentative|nouvel essai',
    not: "ne|n[’']|jamais|inutile(?: de)?|pas|sans",
    after: 'pas|inutile|jamais',
    changed: 'corrig*|modifi*|complét*',
    person:
      'contactez|contacter le support|rechargez|(?:g[eé]n[eé]r*|cr[eé]*) une nouvelle cl[eé]|adressez-vous',
    later: 'plus tard|ultérieurement',
    wait: 'attend(?:ez|re)|patient(?:ez|er)',
    reauth:
      'r[eé]authent*|reconnectez|nouveau (?:jeton|token)|(?:renouvel*|rafra[iî]ch*) [^.;]{0,12}(?:jeton|token)',
    newKey: "nouvelle cl[eé] d[’']idempotence|autre cl[eé] d[’']idempotence",
  },
  es: {
    again:
      'reintent*|int[eé]nt(?:e|a|ar|elo|arlo|alo|ela) (?:de nuevo|otra vez|nuevamente|m[aá]s tarde)|vuelv(?:a|e) a (?:intentar*|enviar*|llamar*|probar*|mandar*)|volver a (?:intentar*|enviar*)|reenv[ií]*|repit*|repetir*',
    not: 'no|nunca|jam[aá]s|in[uú]til|sin',
    changed: 'corrij*|corregir|modifi*|cambi(?:e|a|ar) (?!de nuevo)',
    person:
      'contacte (?:con|a)|p[oó]ngase en contacto|recargue|(?:genere|cree|solicite) una (?:nueva )?clave',
    later: 'm[aá]s tarde',
    wait: 'esper(?:e|a|ar)',
    reauth:
      'reautent*|(?:nuevo|otro) token|(?:renueve|renovar|refres(?:que|car)) [^.;]{0,12}token|vuelva a iniciar sesi[oó]n',
    newKey: '(?:nueva|otra) clave (?:de idempotencia|idempotente)',
  },
  it: {
    again:
      'ripro(?:va*|vi*|vare)|ritent(?:a|are|ate|i)|ripet(?:i|ere|ete|a|uta)|rinvi(?:a|are|ate|i)|reinvi*|nuovo tentativo',
    not: 'non|mai|inutile',
    changed: 'corregg*|modific*',
    person: 'contatta*|rivolg*|(?:genera*|crea*) una nuova chiave',
    later: 'pi[uù] tardi',
    wait: 'attend(?:i|ere|ete)|aspett*',
    reauth: 'reautentic*|nuovo token|(?:rinnov*|aggiorn*) [^.;]{0,12}token',
    newKey: 'nuova chiave di idempotenza|altra chiave di idempotenza',
  },
  pt: {
    again:
      'tent(?:e|ar|a) (?:novamente|de novo|outra vez|mais tarde)|repit(?:a|am|o)|repetir|repetid[ao]|reenvi*|retent(?:e|ar|ativa)|nova tentativa|refa[cç][ao]|envie (?:novamente|de novo)',
    not: 'n[aã]o|nunca|jamais|in[uú]til|sem',
    changed: 'corrij*|corrigir|alter(?:e|ar)|modifi*|ajust*',
    person:
      'fale com|entre em contato|contacte o|recarregue|(?:gere|crie|solicite) uma nova chave(?! de idempot)',
    later: 'mais tarde',
    wait: 'aguard(?:e|ar)|esper(?:e|ar)',
    reauth: 'reautentic*|novo token|(?:renove|renovar|atualize) [^.;]{0,12}token',
    newKey: '(?:nova|outra) chave de idempot[eê]ncia',
  },
  nl: {
    again:
      'opnieuw(?! (?:inlog|aanmeld))|(?:probeer|verstuur|stuur|verzend) [^.;]{0,30}?(?:opnieuw|nogmaals|later)|nogmaals|herhaal*|herhal*|(?:worden|kan|mag|mogen) [^.;]{0,20}herhaald',
    not: 'niet|nooit|geen|zinloos|zonder',
    after: 'niet|zinloos|heeft geen zin',
    changed: 'corrigeer|verbeter|wijzig|pas [^.;]{0,20} aan',
    person: 'neem contact op|vraag [^.;]{0,20} aan (?:bij|op)',
    later: 'later',
    wait: 'wacht(?:en)?',
    reauth: 'nieuw(?:e)? token|vernieuw [^.;]{0,12}token|opnieuw (?:inloggen|aanmelden)',
    newKey: 'nieuwe (?:idempotentie)?sleutel',
  },
  pl: {
    again:
      'ponów*|ponow*|ponawia*|powt[oó]rz*|powtarza*|spróbuj(?:cie)? (?:ponownie|jeszcze raz|później)|wyślij ponownie',
    not: 'nie|nigdy|bez',
    changed: 'popraw*|zmie[nń]*',
    person: 'skontaktuj się|(?:wygeneruj|utwórz) nowy klucz(?! idempot)',
    later: 'później',
    wait: 'poczekaj|odczekaj|zaczekaj',
    reauth: 'nowy token|odśwież [^.;]{0,12}token|zaloguj się ponownie',
    newKey: 'nowy klucz idempotentn*|nowego klucza idempotent*|inny klucz idempot*',
  },
  ru: {
    again:
      'повтор*|попробуйте (?:снова|позже|ещё|еще|позднее)|(?:отправьте|отправить|пошлите) [^.;]{0,30}?(?:снова|ещё раз|еще раз|заново)|переотправ*|можно повторить',
    not: 'не|нельзя|нет смысла|бесполезно|никогда|без',
    after: 'не имеет смысла|бессмысленн*|бесполезн*|не поможет|не допускается|запрещ[её]н*|невозможн*',
    changed: 'исправ*|измените|скорректир*',
    person:
      'обратитесь|свяжитесь|пополните|(?:выпустите|создайте|сгенерируйте|получите) (?:новый|другой) (?:[\\p{L}]+ )?(?:ключ|сертификат)(?! идемпот)',
    later: 'позже|позднее',
    wait: 'подожд*|после паузы|дождитесь',
    reauth: 'новый (?:[\\p{L}-]+ )?токен|повторной авторизац*|переавториз*|обновите [^.;]{0,12}токен',
    newKey: '(?:новый|новым|другой|другим) ключ(?:ом)? идемпотент*',
  },
  uk: {
    again: 'повтор*|спробуйте (?:знову|ще раз|пізніше)',
    not: 'не|ніколи|без',
    changed: 'виправ*|змініть',
    person: 'зверніться|зв’яжіться|поповніть|(?:створіть|згенеруйте) новий ключ(?! ідемпот)',
    later: 'пізніше',
    wait: 'зачекайте|почекайте',
    reauth: 'новий токен|оновіть [^.;]{0,12}токен',
    newKey: '(?:новий|новим|інший) ключ(?:ем)? ідемпот*',
  },
  cs: {
    again: 'znovu|zopakuj*|opakuj*|opakov*',
    not: 'ne\\p{L}*|nikdy|nemá smysl',
    never: 'neopakuj*|neopakov*',
    changed: 'oprav*|změňte',
    person: 'kontaktujte|obraťte se|(?:vygenerujte|vytvořte) nový klíč',
    later: 'později',
    wait: 'počkejte|vyčkejte',
    reauth: 'nový token|obnovte [^.;]{0,12}token',
    newKey: 'nový(?:m)? (?:idempotentní(?:m)? )?klíč(?:em)?(?: idempot*)?',
  },
  /** Swedish, Danish and Norwegian. */
  sv: {
    again:
      '(?:försök*|prøv*|forsøk*|skicka*|send*|anrop*|kör*) (?:[^.;]{0,40}? )?(?:igen|igjen|på nytt|om|senare|senere)|igen|igjen|på nytt|upprepa*|gentag*|gjenta*|omförsök*',
    not: 'inte|ej|aldrig|ikke|aldri|utan att|uden at',
    changed: 'rätta*|korriger*|ändra*|ret |rette|endre',
    person: 'kontakta (?:oss|support*|kundtjänst)|kontakt (?:oss|os|support*)|uppgradera|skapa en ny nyckel',
    later: 'senare|senere',
    wait: 'vänta*|vent(?:e|a)?',
    reauth:
      'refresh token|(?:ny|nytt) (?:åtkomst(?:nyckel|token)|token|adgangstoken|tilgangstoken)|logga in igen|förnya [^.;]{0,12}token',
    newKey: 'ny idempotens(?:nyckel|nøgle|nøkkel)|annan idempotensnyckel',
  },
  fi: {
    again: 'uudelleen|uudestaan|toista pyyntö|yritä (?:myöhemmin|taas)',
    not: 'älä|älkää|ei|turha',
    changed: 'korjaa*|muuta',
    person: 'ota yhteyttä|luo uusi avain',
    later: 'myöhemmin',
    wait: 'odota*',
    reauth: 'uusi tunnus|uusi (?:pääsy)?token|kirjaudu uudelleen',
    newKey: 'uu(?:si|tta) idempotenssiavai*',
  },
  tr: {
    again: 'tekrar (?:dene*|gönder*|çağır*)|yeniden (?:dene*|gönder*)|tekrarla*',
    not: 'asla',
    never:
      '(?:tekrar|yeniden)[^.;]{0,25}m[ae]y[iı]n*|tekrarlamay*|tekrar denenemez|tekrarlanamaz|(?:tekrar|yeniden)[^.;]{0,25}(?:anlamsız|faydasız)',
    changed: 'düzelt*|değiştir*',
    person: 'iletişime geç*|destek ekibi*|başvurun|yeni (?:api )?anahtar[^.;]{0,12} (?:oluştur*|alın)',
    later: 'daha sonra',
    wait: 'bekle*',
    reauth: 'yeni (?:bir )?token|token(?:i|ı)? yenile*|yeniden oturum',
    newKey: 'yeni (?:bir )?(?:idempot\\p{L}*|eşgüç\\p{L}*) anahtar*',
  },
  hu: {
    again: 'újra*|ismét|ismételje*|megismét*|újból|próbálja (?:újra|később)',
    not: 'ne|nem|soha|felesleges',
    changed: 'javíts*|módosíts*',
    person: 'forduljon|lépjen kapcsolatba|(?:hozzon létre|generáljon) új kulcsot',
    later: 'később',
    wait: 'várj*|várakoz*',
    reauth: 'új tokent?|frissítse a tokent',
    newKey: 'új idempotenc\\p{L}* kulcs*',
  },
  ro: {
    again: 'reîncerc*|încerc\\p{L}* din nou|retrimite*|repet(?:ați|are|ă)|din nou',
    not: 'nu|niciodată|inutil',
    changed: 'corect\\p{L}*|modific*',
    person: 'contactați|generați o cheie nouă',
    later: 'mai târziu',
    wait: 'așteptați',
    reauth: 'token nou|un nou token|reautentif*',
    newKey: 'cheie de idempotență nouă|o nouă cheie de idempot*',
  },
  vi: {
    again: 'thử lại|gửi lại|gọi lại',
    not: 'không|đừng',
    changed: 'sửa|thay đổi',
    person: 'liên hệ|tạo khóa mới',
    later: 'sau ít phút|lần sau|sau đó',
    wait: 'chờ|đợi',
    reauth: 'token mới|đăng nhập lại|làm mới token',
    newKey: 'khóa idempot\\p{L}* mới',
  },
  id: {
    again: 'coba lagi|ulangi|kirim(?:kan)? (?:ulang|lagi)|mencoba lagi',
    not: 'jangan|tidak|tak',
    changed: 'perbaiki|ubah',
    person: 'hubungi|buat kunci baru',
    later: 'nanti|beberapa saat',
    wait: 'tunggu*',
    reauth: 'token baru|masuk kembali|perbarui token',
    newKey: 'kunci idempotensi baru',
  },
  ja: {
    again: '再試行|リトライ|再度|再送|再実行|もう一度|やり直',
    not: '決して',
    never:
      '(?:再試行|リトライ|再送|再実行|再度[^。]{0,8})[^。]{0,6}(?:しない|しません|できません|できない|不可|不要|無意味|無駄|禁止|ないで|しても)',
    changed: '修正|変更し',
    person: 'お問い合わせ|連絡して|新しいキーを(?:発行|生成|作成)',
    later: '後で|後ほど|しばらく',
    wait: '待って|待つ|待機|等待|経過後',
    reauth: '再認証|再ログイン|(?:新しい|新規)(?:アクセス)?トークン|トークンを(?:更新|再取得|再発行)',
    newKey: '(?:新しい|別の)(?:冪等性?|べき等|idempotency-?)キー',
  },
  zh: {
    again:
      '重试|重試|重新(?:调用|请求|提交|发送|发起|發送|呼叫)|重发|重發|再试|再試|再次(?:请求|尝试|调用|提交|发送)|稍后|稍後',
    not: '请勿|請勿|不要|不可|无需|無需|勿|无法|無法|不能|不应|不應|不得|禁止',
    after: '无效|無效|无意义|没有意义|无用',
    changed: '修改|更正|修正',
    person: '联系(?:客服|我们|支持|管理员)|聯絡|充值|(?:生成|申请|创建)新的?(?:密钥|key)',
    later: '稍后|稍後|稍候|过后',
    wait: '等待|等候',
    reauth:
      '重新(?:登录|登錄|認證|认证|授权|获取令牌|获取token)|刷新(?:令牌|token)|(?:换取|获取)新的?(?:令牌|token)',
    newKey: '新的?幂等(?:键|号|key)|更换幂等',
  },
  ko: {
    again: '다시 (?:시도|요청|호출|전송|보내)|재시도|재요청|재전송',
    not: '절대',
    after: '하지 (?:마|말|않)|마세요|마십시오|불가|소용|무의미|금지',
    changed: '수정',
    person: '문의|새 (?:api )?키를 (?:발급|생성)',
    later: '나중에|잠시',
    wait: '기다|대기|후에',
    reauth: '재인증|다시 로그인|새 토큰|토큰을? ?(?:갱신|재발급|다시 발급)',
    newKey: '새(?:로운)? 멱등(?:성)? 키',
  },
}

const JOINED = new Set(['ja', 'zh', 'ko'])

/** `stem*` goes on to the end of its word. */
const spelled = (pattern: string): string => pattern.replaceAll(/(?<=[\p{L}-])\*/gu, '\\p{L}*')

/** One pattern for all languages; words end where letters end, but in writing without spaces. */
export const inAny = (phrase: (words: RetryVocabulary, isJoined: boolean) => string | undefined): RegExp =>
  new RegExp(
    Object.entries(RETRY_LANGUAGES)
      .flatMap(([language, words]) => {
        const found = phrase(words, JOINED.has(language))
        if (found === undefined) return []
        return JOINED.has(language) ? [spelled(found)] : [`(?<!\\p{L})(?:${spelled(found)})(?!\\p{L})`]
      })
      .join('|'),
    'iu',
  )

/** "Not" before sending again, or behind it. */
export const REFUSED = inAny(({ again, not, after, never }, isJoined) => {
  const between = '[^.;,。；，]{0,30}?'
  const parts = [`(?:${not})${isJoined ? '' : '(?![\\p{L}])'}${between}(?:${again})`]
  if (after !== undefined) parts.push(`(?:${again})${between}(?:${after})`)
  if (never !== undefined) parts.push(never)
  return parts.join('|')
})
