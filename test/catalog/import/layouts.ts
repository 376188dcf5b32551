// The same codes in every layout pages come in: what is read must not depend on which vendor chose which.

export interface Fact {
  code: string
  http: number
  meaning: string
  /** What the page says of sending again; null where it is silent. */
  retry: boolean | null
}

const facts = (lines: string): Fact[] =>
  lines
    .trim()
    .split('\n')
    .map((line) => {
      const [code, http, retry, ...meaning] = line.trim().split(' ')
      return {
        code,
        http: Number(http),
        meaning: meaning.join(' '),
        retry: retry === '?' ? null : retry === 'yes',
      }
    })

/** One vendor for each habit of naming. */
export const VENDORS: Readonly<Record<string, Fact[]>> = {
  upper: facts(`
    CARD_BLOCKED 400 no The card was blocked by its holder.
    AMOUNT_NEGATIVE 400 ? The amount is below zero.
    WALLET_ABSENT 404 no There is no wallet of that number.
    TOO_MANY_CHARGES 429 yes More than ten charges in a minute.
    LEDGER_AWAY 503 yes The ledger is being moved.
    VAULT_SILENT 503 ? The vault gave no answer.`),
  lower: facts(`
    invalid_seat 400 no The seat is not on the plan.
    seat_taken 409 ? Somebody else has the seat.
    show_over 410 no The show has ended.
    calls_too_fast 429 yes More calls than your contract allows.
    box_office_down 502 yes The box office cannot be reached.
    printer_jammed 500 ? A ticket got stuck.`),
  kebab: facts(`
    port-unknown 400 no No ship calls at this port.
    manifest-locked 423 yes Customs is reading the manifest.
    container-lost 404 ? Nobody knows where it is.
    vessel-full 409 no All slots are sold.
    queue-too-long 429 yes Too many bookings wait.
    crane-broken 500 ? The crane does not move.`),
  pascal: facts(`
    RecipeMissing 404 no There is no such recipe.
    OvenBusy 409 yes Another dish is in the oven.
    UnitUnknown 400 ? A cupful is no unit.
    ChefSuspended 403 no The chef may not cook.
    TooManyDishes 429 yes More than five dishes at a time.
    PantryOffline 503 ? The pantry is away.`),
  dotted: facts(`
    auth.key.revoked 401 no The key was revoked.
    file.too.large 413 ? The file has more than 2 MB.
    file.scan.running 409 yes We are looking for viruses.
    quota.pace 429 yes More than 50 uploads in a minute.
    disk.full 507 no The disk has no space left.
    node.lost 503 ? A node does not answer.`),
  camel: facts(`
    roomOccupied 409 no Another guest has the room.
    keyCardLost 404 ? The card was reported as lost.
    doorStuck 500 ? The door does not open.
    nightAuditRunning 503 yes The books are being closed.
    tooManyGuests 400 no More guests than beds.
    callsPerMinute 429 yes More than sixty calls in a minute.`),
  path: facts(`
    auth/user-unknown 404 no Nobody has this name.
    auth/token-stale 401 ? The token is from yesterday.
    store/bucket-locked 423 yes Somebody else writes.
    store/too-large 413 no The file has more than 5 MB.
    rate/too-fast 429 yes More than ten calls in a second.
    core/bug 500 ? A bug of ours.`),
  numeric: facts(`
    10021 400 no The name is too long.
    10022 400 ? The name is empty.
    20404 404 no There is no such account.
    30001 429 yes More calls than allowed.
    50011 500 ? Something broke.
    50013 503 yes The region is being moved.`),
  prefixed: facts(`
    E1001 400 no The body cannot be parsed.
    E1002 400 ? A field is missing.
    E2001 404 no Nothing has this number.
    E3001 429 yes The limit of calls was reached.
    E5001 500 ? A bug of ours.
    E5003 503 yes We are being updated.`),
}

const YES = ['Retry with exponential backoff.', 'It is safe to retry.', 'Try again in a minute.']
const NO = ['Do not retry.', 'Sending it again gives the same error.', 'Retrying has no effect.']

const sentence = ({ retry }: Fact, at: number): string => (retry === null ? '' : (retry ? YES : NO)[at % 3])
const cell = ({ retry }: Fact): string => (retry === null ? '' : retry ? 'Yes' : 'No')
const words = (fact: Fact, at: number): string => [fact.meaning, sentence(fact, at)].filter(Boolean).join(' ')
const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  410: 'Gone',
  413: 'Payload Too Large',
  423: 'Locked',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  507: 'Insufficient Storage',
}

const each = (all: Fact[], one: (fact: Fact, at: number) => string, between = '\n'): string =>
  all.map(one).join(between)

function grouped(
  all: Fact[],
  head: (http: number) => string,
  one: (fact: Fact, at: number) => string,
): string {
  const statuses = [...new Set(all.map(({ http }) => http))].sort()
  return statuses
    .map((http) =>
      [head(http), ...all.flatMap((fact, at) => (fact.http === http ? [one(fact, at)] : []))].join('\n'),
    )
    .join('\n\n')
}

/** As constants are named. */
export const spelledUpper = (code: string): string =>
  code
    .replace(/(\p{Ll})(?=\p{Lu})/gu, '$1_')
    .replace(/[^\p{L}\d]+/gu, '_')
    .toUpperCase()

/** 404 as programs spell it: notFound. */
const spelled = (http: number): string =>
  REASONS[http].replace(/ /g, '').replace(/^./, (first) => first.toLowerCase())

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const table = (header: readonly string[], rows: string[]): string =>
  [row(header), row(header.map(() => '---')), ...rows].join('\n')

/** Markdown and plain text; those that begin with a tag are HTML. */
export const LAYOUTS: Readonly<Record<string, (all: Fact[]) => string>> = {
  'table with a column of repeats': (all) =>
    table(
      ['Problem', 'Status', 'Meaning', 'Repeat?'],
      each(all, (f) => row([f.code, `${f.http}`, f.meaning, cell(f)])).split('\n'),
    ),
  'table with advice in the text': (all) =>
    table(
      ['HTTP', 'Code', 'What happened'],
      each(all, (f, at) => row([`${f.http} ${REASONS[f.http]}`, `\`${f.code}\``, words(f, at)])).split('\n'),
    ),
  'retry in a table of its own': (all) =>
    `${table(['Code', 'Status', 'Description'], each(all, (f) => row([`\`${f.code}\``, `${f.http}`, f.meaning])).split('\n'))}\n\n## Retrying\n\n${table(
      ['Code', 'Can be retried'],
      all.filter(({ retry }) => retry !== null).map((f) => row([`\`${f.code}\``, cell(f)])),
    )}`,
  'tables under statuses': (all) =>
    grouped(
      all,
      (http) => `## ${http} ${REASONS[http]}\n\n| Error | Explanation |\n|---|---|`,
      (f, at) => row([`\`${f.code}\``, words(f, at)]),
    ),
  'headings with statuses': (all) =>
    each(all, (f, at) => `### \`${f.code}\` (${f.http})\n\n${words(f, at)}`, '\n\n'),
  'headings under statuses': (all) =>
    grouped(
      all,
      (http) => `## HTTP ${http}: ${REASONS[http]}\n`,
      (f, at) => `### ${f.code}: Something happened\n\n**${f.meaning}** ${sentence(f, at)}\n`,
    ),
  'headings over facts': (all) =>
    each(
      all,
      (f) =>
        `### ${f.code}\n\n- **Status:** ${f.http}\n- **Description:** ${f.meaning}${f.retry === null ? '' : `\n- **Retryable:** ${cell(f).toLowerCase()}`}`,
      '\n\n',
    ),
  'headings over callouts': (all) =>
    each(
      all,
      (f, at) =>
        `## ${f.code}\n\n**HTTP ${f.http}.** ${f.meaning}${f.retry === null ? '' : `\n\n> **Note**\n> ${sentence(f, at)}`}`,
      '\n\n',
    ),
  'headings over sections': (all) =>
    each(
      all,
      (f, at) =>
        `### \`${f.code}\`\n\n#### Cause\n\n${f.meaning}\n${f.retry === null ? '' : `\n#### What to do\n\n${sentence(f, at)}\n`}\n\`\`\`http\nHTTP/1.1 ${f.http} ${REASONS[f.http]}\n\`\`\``,
      '\n\n',
    ),
  'items under statuses': (all) =>
    grouped(
      all,
      (http) => `#### \`${http}\` ${REASONS[http]}\n`,
      (f, at) => `* \`${f.code}\` – ${words(f, at)}`,
    ),
  'items with statuses': (all) => each(all, (f, at) => `- **${f.code}** (HTTP ${f.http}): ${words(f, at)}`),
  'items in items': (all) =>
    grouped(
      all,
      (http) => `- **${http} ${REASONS[http]}**`,
      (f, at) => `  - \`${f.code}\`: ${words(f, at)}`,
    ).replaceAll('\n\n', '\n'),
  'bold paragraphs': (all) => each(all, (f, at) => `**\`${f.code}\`** — ${f.http}. ${words(f, at)}`, '\n\n'),
  'tables by tabs': (all) =>
    `Problem\tStatus\tWhat it means\tSafe to retry?\n${each(all, (f) => [f.code, f.http, f.meaning, cell(f)].join('\t'))}`,
  'one cell a line': (all) =>
    `Code\nHTTP status\nDescription\nRetry\n${each(all, (f) => [f.code, f.http, f.meaning, cell(f) || '-'].join('\n'))}`,
  'line headings of statuses': (all) =>
    grouped(
      all,
      (http) => `${http} ${REASONS[http]}\n`,
      (f, at) => `${f.code}\n${words(f, at)}\n`,
    ),
  'statuses in the words of a table': (all) =>
    table(
      ['Code', 'Text', 'Description'],
      all.map((f, at) => row([f.code, f.meaning, `Corresponds with HTTP ${f.http}. ${sentence(f, at)}`])),
    ),
  'kinds and details': (all) =>
    table(
      ['Error type', 'Error detail', 'Description'],
      all.map((f, at) => row([`\`${spelled(f.http)} (${f.http})\``, `\`${f.code}\``, words(f, at)])),
    ),
  'tabs whose last cell fell': (all) =>
    `Error code\tHTTP status\tDescription\n${each(all, (f, at) => `${f.code}\t${f.http}\n${words(f, at)}`)}`,
  'a sentence with exceptions': (all) =>
    `All of these come with HTTP status 400, except where noted.\n\n${each(all, (f, at) => `- \`${f.code}\` indicates this: ${words(f, at)}${f.http === 400 ? '' : ` (HTTP status ${f.http})`}`)}`,
  'JSON listing': (all) =>
    JSON.stringify({
      title: 'Errors',
      errors: all.map(({ code, http, meaning, retry }) => ({
        code,
        status: http,
        text: meaning,
        ...(retry === null ? {} : { same_request_again: retry }),
      })),
      events: [{ event: 'order_created', since: '2024-01' }],
    }),
  accordions: (all) =>
    each(
      all,
      (f, at) =>
        `<details>\n<summary>${f.code}</summary>\n\nStatus: ${f.http}\n\n${words(f, at)}\n\n</details>`,
    ),
  components: (all) =>
    each(
      all,
      (f, at) =>
        `<Accordion title="${f.code}">\n  **HTTP status:** ${f.http}\n\n  ${words(f, at)}\n</Accordion>`,
    ),
  'definitions between lines': (all) =>
    each(all, (f, at) => `\`${f.code}\` (${f.http})\n: ${words(f, at)}`, '\n\n'),
  'examples as they come': (all) =>
    each(
      all,
      (f, at) =>
        `${f.meaning.replace('.', '')}${f.retry === null ? '' : `. ${sentence(f, at).replace('.', '')}`}:\n\n\`\`\`http\nHTTP/1.1 ${f.http} ${REASONS[f.http]}\nContent-Type: application/json\n\n{"error": {"code": "${f.code}", "message": "${f.meaning}"}}\n\`\`\``,
      '\n\n',
    ),
  'statuses and codes in one cell': (all) =>
    table(
      ['Error', 'Description'],
      all.map((f, at) => row([`${f.http} \`${f.code}\``, words(f, at)])),
    ),
  'headings with statuses first': (all) =>
    each(all, (f, at) => `### ${f.http} ${REASONS[f.http]} – \`${f.code}\`\n\n${words(f, at)}`, '\n\n'),
  'items under sentences': (all) =>
    grouped(
      all,
      (http) => `These codes come with HTTP ${http}:\n`,
      (f, at) => `- \`${f.code}\`: ${words(f, at)}`,
    ),
  'sections by retry': (all) =>
    [true, false, null]
      .map((retry) =>
        [
          retry === null
            ? '## Other errors\n'
            : retry
              ? '## Errors that are safe to retry\n'
              : '## Errors that must not be retried\n',
          ...all.filter((f) => f.retry === retry).map((f) => `- \`${f.code}\` (${f.http}): ${f.meaning}`),
        ].join('\n'),
      )
      .join('\n\n'),
  'retry in sentences at the end': (all) =>
    `${table(
      ['Code', 'HTTP', 'Meaning'],
      all.map((f) => row([f.code, `${f.http}`, f.meaning])),
    )}\n\n## Retries\n\nRetry ${all
      .filter(({ retry }) => retry)
      .map(({ code }) => `\`${code}\``)
      .join(' and ')} with exponential backoff. Never retry ${all
      .filter(({ retry }) => retry === false)
      .map(({ code }) => `\`${code}\``)
      .join(' or ')}.`,
  'reStructuredText definitions': (all) =>
    each(all, (f, at) => `\`\`${f.code}\`\` (${f.http})\n    ${words(f, at)}`, '\n\n'),
  'reStructuredText sections': (all) =>
    each(
      all,
      (f, at) =>
        `${f.code}\n${'-'.repeat(f.code.length)}\n\n:Status: ${f.http}\n:Meaning: ${f.meaning}\n\n${sentence(f, at)}`,
      '\n\n',
    ),
  'plain lines': (all) => each(all, (f, at) => `${f.code} (${f.http}): ${words(f, at)}`),
  commas: (all) =>
    `code,http_status,retryable,description\n${each(all, (f) => `${f.code},${f.http},${cell(f)},${f.meaning}`)}`,
  'AsciiDoc table': (all) =>
    `|===\n| Code | Status | Meaning | Retry\n\n${each(all, (f) => `| \`${f.code}\`\n| ${f.http}\n| ${f.meaning}\n| ${cell(f) || '-'}`, '\n\n')}\n|===`,
  'HTML table with rows of groups': (all) =>
    `<table><thead><tr><th>Problem</th><th>What happened</th></tr></thead><tbody>${grouped(
      all,
      (http) => `<tr><td colspan="2"><b>${http} ${REASONS[http]}</b></td></tr>`,
      (f, at) => `<tr><td><tt>${f.code}</tt></td><td>${words(f, at)}</td></tr>`,
    )}</tbody></table>`,
  'HTML definitions': (all) =>
    `<dl>${each(all, (f, at) => `<dt><code>${f.code}</code></dt><dd><p>HTTP status: ${f.http}</p><p>${words(f, at)}</p></dd>`)}</dl>`,
  'HTML headings with permalinks': (all) =>
    `<div>${each(all, (f, at) => `<h3 id="x${at}"><code>${f.code}</code><a class="headerlink" href="#x${at}">¶</a></h3><p><strong>HTTP ${f.http}.</strong> ${f.meaning}</p>${f.retry === null ? '' : `<div class="admonition"><p class="admonition-title">Retry</p><p>${sentence(f, at)}</p></div>`}`)}</div>`,
  'HTML lines under a sentence': (all) =>
    grouped(
      all,
      (http) =>
        `<div><h2>Errors ${http}</h2><p>These errors are sent with HTTP ${http}. The value is one of:</p></div>`,
      (f, at) => `<div><b>${f.code}</b> <i>Void</i> ${words(f, at)}</div>`,
    ),
  'HTML items': (all) =>
    `<ul>${each(all, (f, at) => `<li><p><code>${f.code}</code> (${f.http})</p><p>${words(f, at)}</p></li>`)}</ul>`,
  'HTML rows of facts': (all) =>
    `<div>${each(all, (f) => `<h3>${f.code}</h3><table><tr><th>HTTP status</th><td>${f.http}</td></tr><tr><th>Description</th><td>${f.meaning}</td></tr>${f.retry === null ? '' : `<tr><th>Retryable</th><td>${cell(f)}</td></tr>`}</table>`)}</div>`,
  'HTML grid': (all) =>
    `<div><div class="row"><div>Code</div><div>Status</div><div>Description</div><div>Retry?</div></div>${each(all, (f) => `<div class="row"><div>${f.code}</div><div>${f.http}</div><div>${f.meaning}</div><div>${cell(f) || '–'}</div></div>`)}</div>`,
  'HTML cards': (all) =>
    `<div>${each(all, (f, at) => `<div class="card"><div class="title"><code>${f.code}</code> <span>${f.http}</span></div><div class="body">${words(f, at)}</div></div>`)}</div>`,
}

const STRANGERS = ['page_size', 'sort_order', 'order_created', 'order_shipped']

/** What stands around it on every site. */
export function page(body: string): string {
  if (body.startsWith('{')) return body
  if (body.startsWith('<t') || body.startsWith('<d') || body.startsWith('<u')) {
    if (!body.startsWith('<details'))
      return `<!doctype html><html><body><nav><ul><li>Guides</li><li>Errors</li></ul></nav><main><h1>Errors</h1><p>A call that fails is answered with a code.</p>${body}<h2>Parameters</h2><table><tr><th>Parameter</th><th>Type</th></tr><tr><td><code>${STRANGERS[0]}</code></td><td>integer</td></tr><tr><td><code>${STRANGERS[1]}</code></td><td>string</td></tr></table><h2>Events</h2><ul><li><code>${STRANGERS[2]}</code>: a new order</li><li><code>${STRANGERS[3]}</code>: it has left</li></ul></main><footer>© 2026 · Terms · Status</footer></body></html>`
  }
  return `Docs / Reference / Errors\n\nOn this page\n\n# Errors\n\nA call that fails is answered with a code.\n\n${body}\n\n## Parameters\n\n| Parameter | Type |\n|---|---|\n| \`${STRANGERS[0]}\` | integer |\n| \`${STRANGERS[1]}\` | string |\n\n## Events\n\n- \`${STRANGERS[2]}\`: a new order\n- \`${STRANGERS[3]}\`: it has left\n\n---\n\nLast updated on May 4th, 2026 · Was this page helpful?\n`
}
