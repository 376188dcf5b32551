import { copyable, h } from './dom.js'
import { tokenKept } from './token.js'

/** Two ways to get a first error in; one works in any terminal, the other is how it is used. */
export function howToSend(alive, first) {
  const endpoint = alive?.otlp_url ?? 'http://127.0.0.1:4318'
  return h(
    'div',
    { class: 'how' },
    first &&
      h('p', {}, 'Telltale is up and waiting. To see what it does, send it one failed call from a terminal:'),
    snippet(curl(endpoint), 'Copy the curl command', 'copy curl'),
    first &&
      h(
        'p',
        { class: 'note' },
        'Then look up ',
        h('a', { href: '/requests/req_hello', 'data-key': 'hello' }, 'req_hello'),
        '. This page refreshes itself. ',
        'Or let a whole shop fail in front of you: ',
        h('code', {}, 'npx telltale demo'),
        '.',
      ),
    h('p', {}, 'An application with any OpenTelemetry SDK needs one setting; for Node.js:'),
    snippet(
      `export OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}\n${tokenKept() ? 'export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer $TELLTALE_INGEST_TOKEN"\n' : ''}node --import @opentelemetry/auto-instrumentations-node/register app.js`,
      'Copy the settings',
      'copy settings',
    ),
  )
}

const snippet = (text, label, key) =>
  h(
    'div',
    { class: 'snippet' },
    h(
      'pre',
      { tabindex: '0', role: 'group', 'aria-label': label.replace('Copy the ', '') },
      h('code', {}, text),
    ),
    copyable(text, label, key),
  )

function curl(endpoint) {
  const now = Date.now()
  const text = (key, stringValue) => ({ key, value: { stringValue } })
  const payload = {
    resourceSpans: [
      {
        resource: { attributes: [text('service.name', 'checkout')] },
        scopeSpans: [
          {
            spans: [
              {
                traceId: hex(16),
                spanId: hex(8),
                name: 'POST',
                kind: 3,
                startTimeUnixNano: `${now - 120}000000`,
                endTimeUnixNano: `${now}000000`,
                attributes: [
                  text('api.provider', 'session-api'),
                  text('api.error.code', 'RATE_LIMIT_EXCEEDED'),
                  text('api.request_id', 'req_hello'),
                  text('http.request.method', 'POST'),
                  { key: 'http.response.status_code', value: { intValue: 429 } },
                ],
              },
            ],
          },
        ],
      },
    ],
  }
  const who = tokenKept() ? ' -H "authorization: Bearer $TELLTALE_INGEST_TOKEN"' : ''
  return `curl ${endpoint}/v1/traces${who} -H 'content-type: application/json' -d '${JSON.stringify(payload)}'`
}

const hex = (bytes) =>
  [...crypto.getRandomValues(new Uint8Array(bytes))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
