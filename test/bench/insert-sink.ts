import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

// As much of ClickHouse's HTTP interface as the Collector's clickhouseexporter needs to insert spans, without compression;
// rows are counted and thrown away.

/** What `otel_traces` is made of. */
const COLUMNS: [name: string, type: string][] = [
  ['Timestamp', 'DateTime64(9)'],
  ...['TraceId', 'SpanId', 'ParentSpanId', 'TraceState'].map((name): [string, string] => [name, 'String']),
  ...['SpanName', 'SpanKind', 'ServiceName'].map((name): [string, string] => [
    name,
    'LowCardinality(String)',
  ]),
  ['ResourceAttributes', 'Map(LowCardinality(String), String)'],
  ['ScopeName', 'String'],
  ['ScopeVersion', 'String'],
  ['SpanAttributes', 'Map(LowCardinality(String), String)'],
  ['Duration', 'UInt64'],
  ['StatusCode', 'LowCardinality(String)'],
  ['StatusMessage', 'String'],
  ['Events.Timestamp', 'Array(DateTime64(9))'],
  ['Events.Name', 'Array(LowCardinality(String))'],
  ['Events.Attributes', 'Array(Map(LowCardinality(String), String))'],
  ['Links.TraceId', 'Array(String)'],
  ['Links.SpanId', 'Array(String)'],
  ['Links.TraceState', 'Array(String)'],
  ['Links.Attributes', 'Array(Map(LowCardinality(String), String))'],
]
const DESCRIPTION = [
  'name',
  'type',
  'default_type',
  'default_expression',
  'comment',
  'codec_expression',
  'ttl_expression',
]

export async function startInsertSink() {
  let rows = 0
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const body = Buffer.concat(pieces)
    const sql = new URL(request.url!, 'http://sink').searchParams.get('query') ?? body.toString()
    if (sql.includes('displayName()')) response.end(hello())
    else if (sql.startsWith('DESCRIBE')) response.end(description())
    else {
      if (sql.startsWith('INSERT')) rows += rowsOf(body)
      response.end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rows: () => rows,
    close: () => server.close().closeAllConnections(),
  }
}

// Native blocks: columns, rows, then each column's name, type and values.

const sized = (text: string): Buffer => Buffer.concat([varint(Buffer.byteLength(text)), Buffer.from(text)])

function varint(value: number): Buffer {
  const bytes: number[] = []
  let left = value
  for (; left > 127; left >>>= 7) bytes.push((left & 127) | 128)
  bytes.push(left)
  return Buffer.from(bytes)
}

/** In the newest revision's way: with what it says of a block first, and of each column. */
function hello(): Buffer {
  const column = (name: string, type: string, value: Buffer) =>
    Buffer.concat([sized(name), sized(type), Buffer.from([0]), value])
  return Buffer.concat([
    Buffer.from([1, 0, 2, 255, 255, 255, 255, 0]),
    varint(4),
    varint(1),
    column('displayName()', 'String', sized('sink')),
    column('version()', 'String', sized('26.7.2.1')),
    // From now on without any of that.
    column('revision()', 'UInt32', Buffer.alloc(4)),
    column('timezone()', 'String', sized('UTC')),
  ])
}

const description = (): Buffer =>
  Buffer.concat([
    varint(DESCRIPTION.length),
    varint(COLUMNS.length),
    ...DESCRIPTION.flatMap((of, index) => [
      sized(of),
      sized('String'),
      ...COLUMNS.map((column) => sized(column[index] ?? '')),
    ]),
  ])

function rowsOf(block: Buffer): number {
  let at = 0
  while (block[at]! > 127) at++
  let rows = 0
  for (let shift = 0; ; shift += 7) {
    const byte = block[++at]!
    rows += (byte & 127) << shift
    if (byte < 128) return rows
  }
}
