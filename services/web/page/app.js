import { ask } from './api.js'
import { h, show } from './dom.js'
import { homeView } from './home.js'
import { lookupView } from './lookup.js'
import { compact } from './words.js'

const REFRESH_MS = 5_000
/** An error is visible within 1.5 s of its acknowledgement: a request that is not found may just be on its way. */
const REFRESH_MISSING_MS = 2_000

const main = document.getElementById('main')
const input = document.getElementById('request-id')
const [, section, rest] = /^\/(requests)\/(.+)$/.exec(location.pathname) ?? []
const view = section === 'requests' ? lookupView(decode(rest)) : homeView()

if (section === 'requests') {
  input.value = decode(rest)
  document.title = `${decode(rest)} – Telltale`
}
document.getElementById('search').addEventListener('submit', (event) => {
  event.preventDefault()
  const id = input.value.trim()
  if (id) location.assign(`/requests/${encodeURIComponent(id)}`)
})

repeat()

async function repeat() {
  if (!document.hidden) await refresh()
  setTimeout(repeat, view.incomplete?.() ? REFRESH_MISSING_MS : REFRESH_MS)
}
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) refresh()
})

let shown = ''
async function refresh() {
  const [ready, alive, answer] = await Promise.all([ask('/readyz'), ask('/healthz'), view.load()])
  const health = { ready, alive }
  showStatus(health)
  // What has not changed stays as it is, with its selection and focus.
  const now = JSON.stringify([answer, alive.data?.otlp_url, Math.floor(Date.now() / 60_000)])
  if (now === shown) return
  shown = now
  show(main, view.render(answer, health))
  view.after?.()
}

function showStatus({ ready, alive }) {
  const [mood, words] = statusOf(ready, alive)
  const status = document.getElementById('status')
  if (status.textContent !== words || !status.classList.contains(mood)) {
    status.className = `status ${mood}`
    status.replaceChildren(h('span', { class: 'dot' }), words)
  }
  if (alive.data) document.getElementById('about').textContent = `Telltale ${alive.data.version}`
}

let spansBefore = 0
function statusOf(ready, alive) {
  if (ready.error?.code === 'unreachable') return ['bad', 'not answering']
  if (ready.error) return ['bad', `not ready: ${notReady(ready.error)}`]
  const spans = alive.data?.spans_received ?? 0
  const receiving = spans > spansBefore && spansBefore > 0
  spansBefore = spans
  if (spans === 0) return ['good', 'ready · no spans yet since the start']
  return [
    'good',
    `${receiving ? 'receiving' : 'ready'} · ${compact(spans)} span${spans === 1 ? '' : 's'} since the start`,
  ]
}

const notReady = ({ message, details }) =>
  details?.checks
    ?.filter(({ ok }) => !ok)
    .map(({ name }) => name)
    .join(', ') || message

function decode(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
