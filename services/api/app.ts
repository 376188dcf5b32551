import { fastify } from 'fastify'
import { watchAnswer } from './answered.ts'
import { authorize } from './authorize.ts'
import { answerBrokenRequest } from './client-error.ts'
import { allowOrigins } from './cors.ts'
import { refuse } from './envelope.ts'
import { answerFailure } from './failures.ts'
import { trackMethods } from './methods.ts'
import type { Parts, StatusParts } from './parts.ts'
import { parseQueryString } from './query-string.ts'
import { requestIdOf } from './request-id.ts'
import './route-schema.ts'
import { registerBackups } from './routes/backups.ts'
import { registerCatalogs } from './routes/catalogs.ts'
import { registerCode } from './routes/code.ts'
import { registerCodes } from './routes/codes.ts'
import { registerErasures } from './routes/erasures.ts'
import { registerErrors } from './routes/errors.ts'
import { registerExplain } from './routes/explain.ts'
import { registerExport } from './routes/export.ts'

import { registerGaps } from './routes/gaps.ts'
import { registerHealth } from './routes/health.ts'
import { registerMetrics } from './routes/metrics.ts'
import { registerOpenApi } from './routes/openapi.ts'
import { registerPage } from './routes/page.ts'
import { registerQuotas } from './routes/quotas.ts'
import { registerReclassifications } from './routes/reclassifications.ts'
import { registerRequests } from './routes/requests.ts'
import { registerStream } from './routes/stream.ts'
import { registerTimeseries } from './routes/timeseries.ts'
import { registerTokens } from './routes/tokens.ts'
import { registerTraffic } from './routes/traffic.ts'
import { registerUnknown } from './routes/unknown.ts'
import { SECURITY_HEADERS, STRICT_TRANSPORT } from './security-headers.ts'
import { leaveSlowReaders } from './slow-readers.ts'
import { tagAnswers } from './tag-answers.ts'
import { type Api, serializeAsJson, validateWithZod, type ZodProvider } from './zod-provider.ts'

// Nothing here takes a body of any size, and nobody honest needs longer. fastify's own limits are no limits (0).
const BODY_BYTES = 64 * 1024
const REQUEST_MS = 10_000
const IDLE_CONNECTION_MS = 60_000
/** How soon after its time is up a slow request is noticed; Node looks every 30 s. */
const LOOK_FOR_SLOW_MS = 5_000
// Longer than the idle time of usual proxies and browsers' pools, so that they close first.
const KEEP_ALIVE_MS = 65_000
/** A connection costs some 10 kB; a browser holds half a dozen, a script one. */
const MAX_CONNECTIONS = 10_000
const SERVER = {
  headersTimeout: REQUEST_MS,
  requestTimeout: REQUEST_MS,
  keepAliveTimeout: KEEP_ALIVE_MS,
  connectionsCheckingInterval: LOOK_FOR_SLOW_MS,
}
/** Beyond what any id may have; the schemas refuse sooner and say more. */
const PARAMETER_CHARACTERS = 4096

/** The API and the page, ready to listen; it never listens by itself. */
export const buildApp = (parts: Parts): Api => build(parts, (app) => registerAll(app, parts))

/** Of a process that answers no questions: how it is, and nothing else. */
export const buildStatusApp = (parts: StatusParts): Api =>
  build(parts, (app) => {
    registerHealth(app, parts)
    registerMetrics(app, parts)
  })

function build(parts: StatusParts, register: (app: Api) => void): Api {
  const onFailure = answerFailure(parts.log)
  const { answered } = parts
  const app: Api = fastify({
    bodyLimit: BODY_BYTES,
    serverFactory: (listener) => {
      const server = parts.newServer(SERVER, listener)
      server.maxConnections = MAX_CONNECTIONS
      return server.setTimeout(IDLE_CONNECTION_MS)
    },
    forceCloseConnections: 'idle',
    // What still comes on a connection that is in use is answered as ever, and is the last: fastify's 503 is none of ours.
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: requestIdOf,
    routerOptions: { maxParamLength: PARAMETER_CHARACTERS, querystringParser: parseQueryString },
    clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket, answered),
    // Hooks do not run for these.
    frameworkErrors: (error, request, reply) => {
      watchAnswer(request, reply, answered)
      reply.headers(SECURITY_HEADERS).header('x-request-id', request.id)
      onFailure(error, request, reply)
    },
  }).withTypeProvider<ZodProvider>()

  app.setValidatorCompiler(validateWithZod)
  app.setSerializerCompiler(serializeAsJson)
  app.setErrorHandler(onFailure)
  app.setNotFoundHandler((request, reply) =>
    refuse(reply, 'not_found', {
      message: `There is nothing at ${pathOf(request.url)}.`,
      details: { addresses: ADDRESSES },
    }),
  )
  app.addHook('onRequest', (request, reply, done) => {
    watchAnswer(request, reply, answered)
    reply.headers(SECURITY_HEADERS).header('x-request-id', request.id).header('cache-control', 'no-store')
    if (request.protocol === 'https' && request.hostname !== 'localhost')
      reply.header('strict-transport-security', STRICT_TRANSPORT)
    done()
  })
  leaveSlowReaders(app)
  allowOrigins(app, parts.corsOrigins)
  authorize(app, parts.guard)
  tagAnswers(app)

  // Whatever else a client expects, it may be disappointed in; Node would refuse it with an answer of its own.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))

  const refuseOtherMethods = trackMethods(app)
  register(app)
  refuseOtherMethods()
  return app
}

function registerAll(app: Api, parts: Parts): void {
  registerOpenApi(app, parts)
  registerRequests(app, parts)
  registerCodes(app, parts)
  registerCode(app, parts)
  registerErrors(app, parts)
  registerTimeseries(app, parts)
  registerTraffic(app, parts)
  registerUnknown(app, parts)
  registerQuotas(app, parts)
  registerCatalogs(app, parts)
  registerGaps(app, parts)
  registerExplain(app, parts)
  registerTokens(app, parts)
  registerStream(app, parts)
  registerExport(app, parts)
  registerErasures(app, parts)
  registerReclassifications(app, parts)
  registerBackups(app, parts)
  registerHealth(app, parts)
  registerMetrics(app, parts)
  registerPage(app, parts)
}

const ADDRESSES = [
  '/api/v1/requests/{request_id}',
  '/api/v1/codes',
  '/api/v1/codes/{provider}/{code}',
  '/api/v1/errors',
  '/api/v1/timeseries',
  '/api/v1/traffic',
  '/api/v1/unknown',
  '/api/v1/quotas',
  '/api/v1/catalogs',
  '/api/v1/catalogs/gaps',
  '/api/v1/catalogs/{provider}',
  '/api/v1/catalogs/{provider}/codes/{code}',
  '/api/v1/explain',
  '/api/v1/tokens',
  '/api/v1/stream',
  '/api/v1/export',
  '/api/v1/erasures',
  '/api/v1/reclassifications',
  '/api/v1/backups',
  '/healthz',
  '/readyz',
  '/metrics',
  '/openapi.json',
  '/',
]

const pathOf = (url: string) => url.split('?', 1)[0].slice(0, 200)
