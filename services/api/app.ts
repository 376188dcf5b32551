import { fastify } from 'fastify'
import { watchAnswer } from './answered.ts'
import { authorize } from './authorize.ts'
import { answerBrokenRequest } from './client-error.ts'
import { allowOrigins } from './cors.ts'
import { noteDocumentedRoutes } from './documented-routes.ts'
import { refuse } from './envelope.ts'
import { answerFailure } from './failures.ts'
import { trackMethods } from './methods.ts'
import { pathOf as documentedPath, type Route } from './openapi/operation.ts'
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
export const buildApp = (parts: Parts): Api =>
  build(parts, (app, documented) => registerAll(app, documented, parts))

/** Of a process that answers no questions: how it is, and nothing else. */
export const buildStatusApp = (parts: StatusParts): Api =>
  build(parts, (app) => {
    registerHealth(app, parts)
    registerMetrics(app, parts)
  })

function build(parts: StatusParts, register: (app: Api, documented: Route[]) => void): Api {
  const onFailure = answerFailure(parts.log)
  const { answered } = parts
  const app: Api = fastify({
    bodyLimit: BODY_BYTES,
    // Said here, fastify's own (ajv, a hundred files) are never loaded.
    schemaController: {
      compilersFactory: {
        // Its type knows ajv's schemas alone.
        buildValidator: (() => validateWithZod) as never,
        buildSerializer: () => serializeAsJson,
      },
    },
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

  app.setErrorHandler(onFailure)
  const documented = noteDocumentedRoutes(app)
  app.setNotFoundHandler((request, reply) =>
    refuse(reply, 'not_found', {
      message: `There is nothing at ${pathOf(request.url)}.`,
      details: {
        addresses: [...new Set(documented.map(({ url }) => documentedPath(url))), ...entrances(app)],
      },
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
  register(app, documented)
  refuseOtherMethods()
  return app
}

function registerAll(app: Api, documented: Route[], parts: Parts): void {
  registerOpenApi(app, documented, parts)
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

/** Where reading may begin, where there is anything to read. */
const entrances = (app: Api) => ['/openapi.json', '/'].filter((url) => app.hasRoute({ method: 'GET', url }))

const pathOf = (url: string) => url.split('?', 1)[0].slice(0, 200)
