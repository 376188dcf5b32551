import fc from 'fast-check'
import {
  anyValue,
  binary,
  type Field,
  fixed32,
  fixed64,
  integer,
  message,
  text,
  type Value,
  varint,
} from './fields.ts'

// Export requests as nobody would write them but everybody might: fields in any order and more than once, unknown
// ones between them, values of every kind under every name. Always well-formed: protobufjs reads each of them.

export const ARRIVAL_MS = Date.UTC(2026, 10, 21, 12)

const RESPONSE = 'http.response.header.'
const CODES = fc.constantFrom(
  'RATE_LIMIT_EXCEEDED',
  'card_declined',
  'timeout',
  '500',
  '_OTHER',
  'java.io.IOException',
  'OK',
  '0',
  'NOT_FOUND',
  'std::bad_alloc',
  'rateLimitExceeded',
  'PaymentDeclined',
  'ECONNREFUSED',
)
const PATHS = fc.constantFrom(
  '/',
  '/users/123/orders/9f8e7d6c',
  '/v1/charges/ch_3MmlLrLkdIwHu7ix0snN0B15?expand=1',
  'users',
  '//a//b/',
  '/a#b',
  '/a;b=1/c',
  '/caf%C3%A9/é/x',
  '/a/b/c/d/e/f/g/h/i/j',
  `/${'long-segment-'.repeat(12)}`,
  '/api/v2/2024/payment_methods',
  '*',
)
const URLS = fc.constantFrom(
  'https://API.Example.com:8443/v1/users/77?x=1',
  'http://user:pw@[::1]:80/a',
  'https://host',
  'ftp://a.b./c/d',
  '://x/y',
  'https://h?q=/z',
)
const HOSTS = fc.constantFrom(
  'api.example.com',
  'API.EXAMPLE.COM:443',
  '[2001:db8::1]:80',
  '2001:db8::1',
  'host.',
  ':80',
  '[',
  'a:b:c',
)
const AGENTS = fc.constantFrom(
  'acme-sdk/3.2.1 (linux)',
  'curl/8.5.0',
  'Mozilla/5.0 (X11) Chrome/1',
  '(weird)',
  ' x',
)
const NUMBERS = fc.constantFrom(
  '404',
  ' 200 ',
  '429',
  '99999',
  '1.5',
  '-1',
  '',
  '7',
  '1795257000',
  '6m0s',
  'Sat, 21 Nov 2026 12:00:30 GMT',
)
const LISTS = fc.constantFrom(
  '100, 100;w=60',
  'limit=100, remaining=3, reset=30',
  '"default";r=50;t=30, "burst";r=1',
  '"default";q=100;w=60',
  '100;w=60',
)
const TEXTS = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme-ascii', minLength: 100, maxLength: 400 }),
  fc.constantFrom('req_8f3a', 'one\ntwo', "'; DROP TABLE users; --", '<b>x</b>', 'a\0b', 'é'.repeat(200)),
)

/** Names with the values that make them interesting. */
const MEANT: [names: string[], values: fc.Arbitrary<string>][] = [
  [
    [
      'api.error.code',
      'error.code',
      'app.error.code',
      'exception.code',
      'rpc.response.status_code',
      'error.type',
      'my.code',
    ],
    CODES,
  ],
  [
    [
      'http.response.status_code',
      'http.status_code',
      'rpc.grpc.status_code',
      'http.request.resend_count',
      'http.resend_count',
      'retry.count',
      'api.attempt',
      'api.retry_after_ms',
      `${RESPONSE}retry-after-ms`,
      `${RESPONSE}retry-after`,
      `${RESPONSE}retry_after`,
      'user_ms',
    ],
    NUMBERS,
  ],
  [
    [
      'api.ratelimit.limit',
      'api.ratelimit.remaining',
      'api.ratelimit.reset_ms',
      `${RESPONSE}x-ratelimit-limit`,
      `${RESPONSE}x-ratelimit-remaining`,
      `${RESPONSE}x_ratelimit_reset`,
      `${RESPONSE}x-ratelimit-remaining-tokens`,
      `${RESPONSE}ratelimit-limit`,
      `${RESPONSE}x-rate-limit-reset`,
    ],
    fc.oneof(NUMBERS, LISTS),
  ],
  [[`${RESPONSE}ratelimit`, `${RESPONSE}ratelimit-policy`], LISTS],
  [['url.path', 'http.target', 'http.route', 'url.template'], PATHS],
  [['url.full', 'http.url'], URLS],
  [['server.address', 'net.peer.name'], HOSTS],
  [['user_agent.original', 'http.user_agent'], AGENTS],
  [
    [
      'api.request_id',
      `${RESPONSE}x-request-id`,
      'http.request.header.x-request-id',
      `${RESPONSE}x_request_id`,
      'aws.request_id',
      'request_id',
      'request.id',
      `${RESPONSE}request-id`,
      `${RESPONSE}x-amzn-requestid`,
      `${RESPONSE}x-correlation-id`,
      'my.request',
    ],
    TEXTS,
  ],
  [
    [
      'api.provider',
      'api.call_id',
      'api.consumer',
      'enduser.id',
      'user.id',
      'client.id',
      'api.error.message',
      'exception.message',
      'http.request.method',
      'http.method',
      'api.ratelimit.name',
      'user',
      'x',
      '',
      'http.request.methoe',
      'some.other.attribute',
    ],
    TEXTS,
  ],
]

const scalar = (texts: fc.Arbitrary<string>): fc.Arbitrary<Value> =>
  fc.oneof(
    { weight: 6, arbitrary: texts },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        0,
        1,
        2,
        5,
        16,
        99,
        200,
        201,
        404,
        429,
        503,
        600,
        65_535,
        65_536,
        2 ** 40,
        -1,
        2.5,
        -0.5,
        Number.NaN,
      ),
    },
    { weight: 1, arbitrary: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n) },
    { weight: 1, arbitrary: fc.boolean() },
  )

/** An AnyValue's bytes: of the usual kinds, or bytes, a map, nothing at all. */
const valueBytes = (texts: fc.Arbitrary<string>): fc.Arbitrary<Buffer> =>
  fc.oneof(
    { weight: 8, arbitrary: scalar(texts).map((value) => anyValue(value).bytes) },
    {
      weight: 3,
      arbitrary: fc
        .array(scalar(texts) as fc.Arbitrary<string>, { maxLength: 3 })
        .map((list) => anyValue(list).bytes),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        Buffer.alloc(0),
        binary(6, Buffer.alloc(0)).bytes,
        binary(7, Buffer.from('raw')).bytes,
      ),
    },
  )

const shuffled = (fields: readonly Field[]): fc.Arbitrary<Buffer> =>
  fc
    .oneof(
      { weight: 1, arbitrary: fc.constant(fields.toSorted((a, b) => a.number - b.number)) },
      { weight: 1, arbitrary: fc.constant(fields.toSorted((a, b) => b.number - a.number)) },
      { weight: 2, arbitrary: fc.shuffledSubarray([...fields], { minLength: fields.length }) },
    )
    .map((ordered) => Buffer.concat(ordered.map(({ bytes }) => bytes)))

/** Fields that OTLP does not have (yet). */
const unknown: fc.Arbitrary<Field> = fc.oneof(
  fc.tuple(fc.integer({ min: 18, max: 5000 }), fc.nat()).map(([number, value]) => integer(number, value)),
  fc
    .tuple(fc.integer({ min: 18, max: 40 }), fc.string({ maxLength: 200 }))
    .map(([number, value]) => text(number, value)),
  fc.tuple(fc.integer({ min: 18, max: 40 }), fc.nat()).map(([number, value]) => fixed32(number, value)),
  fc
    .tuple(fc.integer({ min: 18, max: 40 }), fc.bigInt(0n, 2n ** 64n - 1n))
    .map(([number, value]) => fixed64(number, value)),
)
const some = <T>(arbitrary: fc.Arbitrary<T>, maxLength: number) => fc.array(arbitrary, { maxLength })

const attributeOf = (
  number: number,
  names: readonly string[],
  texts: fc.Arbitrary<string>,
): fc.Arbitrary<Field> =>
  fc
    .tuple(fc.constantFrom(...names), valueBytes(texts), some(unknown, 1))
    .chain(([key, bytes, more]) => shuffled([text(1, key), binary(2, bytes), ...more]))
    .map((bytes) => binary(number, bytes))
const attribute = (number: number): fc.Arbitrary<Field> =>
  fc.oneof(...MEANT.map(([names, texts]) => attributeOf(number, names, texts)))

const NOW = BigInt(ARRIVAL_MS) * 1_000_000n
const time = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt(NOW - 30_000_000_000n, NOW + 1_000_000_000n) },
  { weight: 2, arbitrary: fc.bigInt(-5000n, 5000n).map((off) => NOW - (NOW % 10_000_000_000n) + off) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      0n,
      1n,
      2n ** 64n - 1n,
      2n ** 63n,
      NOW - 40n * 86_400_000_000_000n,
      NOW + 7_200_000_000_000n,
    ),
  },
)
const id = (size: number) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.uint8Array({ minLength: size, maxLength: size }) },
    { weight: 1, arbitrary: fc.constant(new Uint8Array(0)) },
  )
const bytesField = (number: number, bytes: fc.Arbitrary<Uint8Array>) =>
  bytes.map((value) => binary(number, Buffer.from(value)))

const status = fc
  .tuple(
    some(
      fc.constantFrom(0, 1, 2, 7).map((code) => integer(3, code)),
      2,
    ),
    some(
      TEXTS.map((value) => text(2, value)),
      2,
    ),
  )
  .chain(([codes, texts]) => shuffled([...codes, ...texts]))
  .map((bytes) => binary(15, bytes))

const event = fc
  .tuple(
    fc.constantFrom('exception', 'exception', 'log', ''),
    some(
      attributeOf(
        3,
        ['exception.message', 'exception.code', 'exception.type', 'exception.stacktrace', 'api.error.code'],
        fc.oneof(TEXTS, CODES),
      ),
      4,
    ),
    some(unknown, 1),
  )
  .chain(([name, attributes, more]) =>
    shuffled([fixed64(1, NOW), text(2, name), ...attributes, integer(4, 0), ...more]),
  )
  .map((bytes) => binary(11, bytes))

const span = fc
  .tuple(
    fc.tuple(some(bytesField(1, id(16)), 2), some(bytesField(2, id(8)), 2), some(bytesField(4, id(8)), 2)),
    fc.tuple(
      some(
        fc.constantFrom(0, 1, 2, 3, 3, 2, 4, 5, 6, 200).map((kind) => integer(6, kind)),
        2,
      ),
      some(
        time.map((at) => fixed64(7, at)),
        2,
      ),
      some(
        time.map((at) => fixed64(8, at)),
        2,
      ),
    ),
    some(attribute(9), 12),
    fc.tuple(some(event, 2), some(status, 2), some(unknown, 2)),
    fc.constantFrom(
      [],
      [text(5, 'GET')],
      [text(3, 'k=v'), fixed32(16, 257), integer(10, 300), text(5, 'n'.repeat(200))],
    ),
  )
  .chain(([ids, times, attributes, more, plain]) =>
    shuffled([...ids.flat(), ...times.flat(), ...attributes, ...more.flat(), ...plain]),
  )
  .map((bytes) => binary(2, bytes))

const resource = some(
  attributeOf(
    1,
    [
      'service.name',
      'service.version',
      'deployment.environment.name',
      'deployment.environment',
      'telemetry.sdk.language',
      'host.name',
    ],
    fc.constantFrom('checkout', 'orders', '1.2.3', 'production', 'go', ''),
  ),
  5,
)
  .chain((attributes) => shuffled(attributes))
  .map((bytes) => binary(1, bytes))

const scopeSpans = fc
  .tuple(some(span, 6), some(unknown, 1))
  .chain(([spans, more]) => shuffled([binary(1, message([text(1, 'scope')])), ...spans, ...more]))
  .map((bytes) => binary(2, bytes))

export const arbitraryPayload: fc.Arbitrary<Buffer> = some(
  fc
    .tuple(some(resource, 2), some(scopeSpans, 2), some(unknown, 1))
    .chain(([resources, scopes, more]) =>
      shuffled([...resources, ...scopes, ...more, text(3, 'https://schema')]),
    )
    .map((bytes) => binary(1, bytes)),
  3,
).map((all) => Buffer.concat(all.map(({ bytes }) => bytes)))

/** A varint written longer than it needs to be, as encoders that reserve room for a length do. */
export const longVarint = (value: number): Buffer => {
  const bytes = varint(value)
  bytes[bytes.length - 1]! |= 128
  return Buffer.concat([bytes, Buffer.from([128, 0])])
}
