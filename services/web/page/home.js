import { ask } from './api.js'
import { badge, retryBadge, standingBadge } from './badges.js'
import { h } from './dom.js'
import { howToSend } from './how-to-send.js'
import { tokenForm, wantsToken } from './token.js'
import { trend } from './trend.js'
import { ago, compact, number, percent } from './words.js'

const PERIODS = [
  ['-1h', 'Last hour'],
  ['-24h', 'Last 24 hours'],
]

/** So many are asked for, and so many shown: of an API without a catalog every code is one, and they crowd out the rest. */
const UNKNOWN = 500
const SHOWN = 5

/** Of so many newest errors one has an id, if any has. */
const EXAMPLES = 20

export function homeView() {
  const period = new URLSearchParams(location.search).get('from') === '-24h' ? '-24h' : '-1h'

  return {
    async load() {
      const [codes, day, unknown] = await Promise.all([
        ask(`/api/v1/codes?from=${period}&limit=20`),
        period === '-24h' ? null : ask('/api/v1/codes?from=-24h&limit=1'),
        ask(`/api/v1/unknown?from=-24h&limit=${UNKNOWN}`),
      ])
      return { period, codes, everEmpty: (day ?? codes).data?.length === 0, unknown }
    },

    render({ codes, everEmpty, unknown }, { alive }) {
      if (codes.error) return trouble(codes.error)
      if (everEmpty) return [h('h1', {}, 'No errors in the last 24 hours'), howToSend(alive.data, true)]
      return [
        unknown.data?.length > 0 && unknownCallout(unknown.data),
        h(
          'section',
          { 'aria-labelledby': 'codes-title' },
          h('div', { class: 'section-head' }, h('h1', { id: 'codes-title' }, 'Top error codes'), periods()),
          codes.data.length > 0
            ? codesTable(codes.data, period)
            : h('p', { class: 'note' }, 'No errors in the last hour. The last 24 hours had some.'),
        ),
        h(
          'details',
          { class: 'card', 'data-key': 'how' },
          h('summary', {}, 'How to send spans'),
          howToSend(alive.data, false),
        ),
      ]
    },
  }

  function periods() {
    return h(
      'nav',
      { class: 'periods', 'aria-label': 'Period' },
      PERIODS.map(([from, words]) =>
        h(
          'a',
          {
            href: `/?from=${from}`,
            'aria-current': from === period ? 'true' : null,
            'data-key': `period ${from}`,
          },
          words,
        ),
      ),
    )
  }
}

export const trouble = (error) => (wantsToken(error) ? tokenForm(error) : noAnswer(error))

const noAnswer = ({ message, code }) =>
  h(
    'section',
    { class: 'card trouble', role: 'alert' },
    h('h1', {}, 'No answer'),
    h('p', {}, message),
    badge('bad', code),
  )

/** Where there is a catalog, a code that it lacks is news; where there is none, that is. */
function unknownCallout(all) {
  const rows = all.filter((row) => row.has_catalog)
  const without = all.filter((row) => !row.has_catalog)
  if (rows.length === 0) return h('p', { class: 'note' }, catalogless(without))
  return h(
    'section',
    { class: 'card callout', 'aria-labelledby': 'unknown-title' },
    h(
      'h2',
      { id: 'unknown-title' },
      rows.length === 1 ? 'A code that nobody documented' : 'Codes that nobody documented',
    ),
    h(
      'ul',
      {},
      rows
        .slice(0, SHOWN)
        .map((row) =>
          h(
            'li',
            {},
            h('code', { class: 'code' }, row.code || '(empty)'),
            ` from ${row.provider}, ${number(row.count)} × in the last 24 hours, first seen ${ago(row.first_seen)} · `,
            exampleOf(row, '-24h', 'undocumented'),
          ),
        ),
    ),
    rows.length > SHOWN && h('p', { class: 'note' }, `and ${number(rows.length - SHOWN)} more`),
    without.length > 0 && h('p', { class: 'note' }, catalogless(without)),
  )
}

function catalogless(rows) {
  const providers = [...new Set(rows.map(({ provider }) => provider))]
  const named = providers.slice(0, SHOWN).join(', ')
  return `No catalog yet for ${named}${providers.length > SHOWN ? ` and ${number(providers.length - SHOWN)} more` : ''}: with one, Telltale says what their codes mean and whether to retry.`
}

function codesTable(rows, period) {
  const head = ['Code', 'May a program retry?', 'Trend', 'Count', 'Share']
  return h(
    'table',
    { class: 'codes' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        head.map((words, at) => h('th', { scope: 'col', class: at > 2 ? 'number' : null }, words)),
      ),
    ),
    h(
      'tbody',
      {},
      rows.map((row) => codeRow(row, period)),
    ),
  )
}

const codeRow = (row, period) =>
  h(
    'tr',
    {},
    h(
      'th',
      { scope: 'row' },
      h(
        'span',
        { class: 'what' },
        row.code ? h('code', { class: 'code' }, row.code) : h('span', { class: 'code none' }, 'no code'),
        row.status ? h('span', { class: 'http' }, String(row.status)) : null,
        row.standing === 'known' ? null : standingBadge(row),
      ),
      h('span', { class: 'provider' }, row.provider, ' · ', exampleOf(row, period)),
    ),
    h('td', { class: 'retry' }, retryBadge(row.retry)),
    h('td', { class: 'trend' }, trend(row.trend)),
    h('td', { class: 'number count', title: number(row.count) }, compact(row.count)),
    h('td', { class: 'number share' }, percent(row.share)),
  )

/** To the newest request that met a code. */
function exampleOf({ provider, code, status }, period, list = 'top') {
  const button = h(
    'button',
    {
      type: 'button',
      class: 'example',
      'data-key': `example ${JSON.stringify([list, provider, code, status])}`,
      click: async () => {
        const { data, error } = await ask(`/api/v1/errors?${filters}`)
        const id = data?.map((row) => row.request_id || row.trace_id).find((id) => /[^0]/.test(id))
        if (id) return location.assign(`/requests/${encodeURIComponent(id)}`)
        button.textContent = error ? 'no answer' : 'none has an id'
      },
    },
    'example',
  )
  const filters = new URLSearchParams({ from: period, provider, status, limit: EXAMPLES })
  if (code) filters.set('code', code)
  else filters.set('standing', 'uncoded')
  return button
}
