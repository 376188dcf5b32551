import { ask } from './api.js'
import { badge, retryBadge, standingBadge } from './badges.js'
import { copyable, h } from './dom.js'
import { trouble } from './home.js'
import { clock, day, duration } from './words.js'

export function lookupView(id) {
  let missing = true
  return {
    load: () => ask(`/api/v1/requests/${encodeURIComponent(id)}`),
    incomplete: () => missing,
    render({ data, error }) {
      missing = error?.code === 'request_not_found'
      if (missing) return notFound(id, error)
      if (error) return trouble(error)
      return data.candidates.length > 1 ? callsApart(data) : [verdictCard(data, ''), timeline(data, '')]
    },
  }
}

const notFound = (id, { message }) =>
  h(
    'section',
    { class: 'card' },
    h('h1', {}, 'Nothing is known about this request'),
    h('p', {}, h('code', { class: 'code' }, id)),
    h('p', {}, message),
    h('p', { class: 'note' }, 'It may just be on its way: this page keeps looking.'),
  )

/** An id that is everywhere, a constant say, is thousands of calls; nobody reads on from here. */
const MOST_CALLS = 10

/** One id, several calls that have nothing else in common: each with its own verdict and attempts. */
function callsApart({ request_id, candidates, attempts }) {
  const hidden = Math.max(0, candidates.length - MOST_CALLS)
  return [
    h(
      'section',
      { class: 'card' },
      h('p', { class: 'eyebrow' }, 'Request ', h('code', {}, request_id)),
      h('h1', {}, `This id belongs to ${candidates.length} different calls`),
      h(
        'p',
        {},
        'Look which one is meant before you answer.',
        hidden > 0 && ` The newest ${MOST_CALLS} are shown; the API has all.`,
      ),
    ),
    candidates.slice(hidden).map((one, at) => {
      const key = ` ${JSON.stringify([one.service, one.provider, one.trace_id, one.call_id])}`
      const rows = one.positions.map((position) => attempts[position])
      const title = `${hidden + at + 1} of ${candidates.length}: ${one.service} and ${one.provider}, request `
      return [
        verdictCard({ request_id, verdict: one.verdict }, key, title, 'h2'),
        timeline({ attempts: rows }, key),
      ]
    }),
  ]
}

/** `key` tells what belongs to one call from the same of another. */
function verdictCard({ request_id, verdict }, key, title = 'Request ', heading = 'h1') {
  const succeeded = verdict.ended === 'succeeded'
  return h(
    'section',
    { class: `card verdict ${succeeded ? 'good' : 'bad'}`, 'aria-label': succeeded ? 'Succeeded' : 'Failed' },
    h('p', { class: 'eyebrow' }, title, h('code', {}, request_id)),
    h(
      heading,
      {},
      succeeded ? 'Succeeded in the end' : 'Failed',
      verdict.code !== null && [
        h('span', { class: 'with' }, succeeded ? ' after ' : ' with '),
        verdict.code ? h('code', { class: 'code' }, verdict.code) : 'no code',
      ],
      verdict.status ? h('span', { class: 'http' }, String(verdict.status)) : null,
    ),
    h(
      'p',
      { class: 'badges' },
      badge('calm', verdict.provider),
      verdict.standing && standingBadge(verdict),
      !succeeded && verdict.retry && retryBadge(verdict.retry),
    ),
    h(
      'dl',
      { class: 'facts' },
      fact('What it means', verdict.meaning),
      fact('Send it again?', verdict.retry_advice),
      !succeeded && fact('What to do', verdict.action),
    ),
    verdict.docs &&
      h(
        'p',
        {},
        h(
          'a',
          { href: verdict.docs, rel: 'noreferrer', 'data-key': `docs${key}` },
          'The publisher on its codes',
        ),
      ),
    h(
      'div',
      { class: 'tell' },
      h('h2', {}, 'What to tell the customer'),
      h('p', {}, verdict.reply),
      copyable(verdict.reply, 'Copy what to tell the customer', `copy reply${key}`),
    ),
  )
}

const fact = (term, words) => words && h('div', {}, h('dt', {}, term), h('dd', {}, words))

function timeline({ attempts }, key) {
  const first = Date.parse(attempts[0].ts)
  return h(
    'section',
    { 'aria-label': 'Attempts' },
    h('h2', {}, attemptsTitle(attempts), h('span', { class: 'note' }, ` on ${day(attempts[0].ts)}, UTC`)),
    h(
      'ol',
      { class: 'timeline' },
      attempts.map((row, at) => attempt(row, at, first, key, isOtherEnd(row, attempts))),
    ),
  )
}

/** A span without a parent. */
const NO_ID = /^0{16,32}$/

/** Whether it is the server's end of a try whose client's end is there too. */
const isOtherEnd = (row, attempts) =>
  row.side === 'server' &&
  !NO_ID.test(row.parent_span_id) &&
  attempts.some(
    ({ side, trace_id, span_id }) =>
      side === 'client' && span_id === row.parent_span_id && trace_id === row.trace_id,
  )

function attemptsTitle(attempts) {
  const twice = attempts.filter((row) => isOtherEnd(row, attempts)).length
  const tries = attempts.length - twice
  if (tries === 1) return twice === 0 ? 'One attempt' : 'One attempt, seen from both ends'
  return `${tries} attempts, oldest first${twice === 0 ? '' : `; ${twice} seen from both ends`}`
}

function attempt(row, at, first, key, otherEnd) {
  const after = Date.parse(row.ts) - first
  const failed = !row.succeeded
  return h(
    'li',
    { class: failed ? 'failed' : 'succeeded' },
    h(
      'p',
      { class: 'when' },
      h('time', { datetime: row.ts, title: row.ts }, `${clock(row.ts)} UTC`),
      at > 0 && h('span', { class: 'note' }, ` + ${duration(after)}`),
    ),
    h(
      'p',
      { class: 'what' },
      failed ? (row.code ? h('code', { class: 'code' }, row.code) : 'failed without a code') : 'succeeded',
      row.status ? h('span', { class: 'http' }, String(row.status)) : null,
      h(
        'span',
        { class: 'note' },
        otherEnd ? ' the other end' : row.attempt === 0 ? ' first try' : ` retry ${row.attempt}`,
      ),
    ),
    h(
      'p',
      { class: 'where' },
      row.side === 'client' ? `${row.service} called ${row.provider}` : `${row.service} answered`,
      (row.method || row.route) && [': ', h('code', {}, [row.method, row.route].filter(Boolean).join(' '))],
      ` in ${duration(row.duration_ms)}`,
      row.retry_after_ms !== null && `, and was asked to wait ${duration(row.retry_after_ms)}`,
    ),
    row.message && h('p', { class: 'message' }, row.message),
    h(
      'details',
      { 'data-key': `attempt ${at}${key}` },
      h('summary', {}, 'Everything about it'),
      everything(row),
    ),
  )
}

const everything = (row) =>
  h(
    'dl',
    { class: 'everything' },
    Object.entries(row)
      .filter(([, value]) => value !== null && value.length !== 0 && !NO_ID.test(value))
      .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, String(value)))),
  )
