import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import express from 'express'
import fastify, { type FastifyError } from 'fastify'
import { apiErrorsExpress, type ExpressOptions } from '../../../services/instrumentation/server/express.ts'
import { apiErrors, type FastifyOptions } from '../../../services/instrumentation/server/fastify.ts'
import { type Listening, listening } from '../listening.ts'

// The same small application, in every framework.

export const FRAMEWORKS = ['node:http', 'express 5', 'express 4', 'fastify 5', 'fastify 4'] as const
export type Framework = (typeof FRAMEWORKS)[number]

const errorBody = (code: string, words = 'no') =>
  JSON.stringify({ error: { code, message: words }, meta: { request_id: `req_${code.toLowerCase()}` } })

const JSON_TYPE = { 'content-type': 'application/json' }
const BOMB = gzipSync(Buffer.alloc(4_000_000))
export const BIG = 10 * 1024 * 1024

/** What is done on the response itself, alike in every framework. */
const RAW: Record<string, RequestListener> = {
  '/raw/head-only': (_, response) => {
    // Given to writeHead alone, in two spellings: no getHeader has them.
    response.writeHead(409, 'Conflict', ['X-Request-Id', 'req_raw', 'Content-Type', 'application/json'])
    response.end('{"error":{"code":"ALREADY_THERE"}}')
  },
  '/raw/parts': (_, response) => {
    const body = Buffer.from(errorBody('IN_PARTS'))
    response.writeHead(500, JSON_TYPE)
    response.write(body.subarray(0, 5))
    setImmediate(() => {
      response.write(body.subarray(5, 20).toString('latin1'), 'latin1')
      response.end(body.subarray(20), () => {})
    })
  },
  '/raw/reused-buffer': (_, response) => {
    const buffer = Buffer.from(errorBody('FIRST'))
    response.writeHead(500, JSON_TYPE)
    response.write(buffer, () => {
      buffer.fill(0x20)
      response.end(buffer)
    })
  },
  '/raw/cut': (_, response) => {
    response.writeHead(502, { ...JSON_TYPE, 'content-length': '1000' })
    response.write(errorBody('CUT_SHORT'), () => response.destroy())
  },
  '/raw/gzip': (_, response) => {
    response.writeHead(503, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(gzipSync(errorBody('ZIPPED')))
  },
  '/raw/br': (_, response) => {
    response
      .writeHead(503, { ...JSON_TYPE, 'content-encoding': 'br' })
      .end(brotliCompressSync(errorBody('BROTLI')))
  },
  '/raw/bomb': (_, response) => {
    response.writeHead(500, { ...JSON_TYPE, 'content-encoding': 'gzip', 'x-request-id': 'req_bomb' })
    response.end(BOMB)
  },
  '/raw/no-json': (_, response) =>
    response.writeHead(500, JSON_TYPE).end('{"error":{"code":"HALF","message":"and no'),
  '/raw/big': (_, response) => {
    const start = `{"error":{"code":"LARGE"},"filler":"`
    response.writeHead(500, JSON_TYPE).end(`${start}${'x'.repeat(BIG - start.length - 2)}"}`)
  },
  '/raw/no-content': (_, response) => response.writeHead(204).end(),
  '/raw/not-modified': (_, response) => response.writeHead(304).end(),
  '/raw/nothing': (_, response) => response.writeHead(500).end(),
}

const raw = (request: IncomingMessage, response: ServerResponse): boolean => {
  const handler = RAW[request.url!.split('?')[0]!]
  handler?.(request, response)
  return handler !== undefined
}

const THROWN = Object.assign(new Error('out of stock'), { statusCode: 422, code: 'OUT_OF_STOCK' })

function answerThrown(
  response: ServerResponse,
  error: { statusCode?: number; code?: string; message: string },
): void {
  response
    .writeHead(error.statusCode ?? 500, JSON_TYPE)
    .end(errorBody(error.code ?? 'INTERNAL', error.message))
}

const PLAIN: RequestListener = async (request, response) => {
  if (raw(request, response)) return
  const path = request.url!.split('?')[0]!
  try {
    if (path === '/ok') response.writeHead(200, JSON_TYPE).end('{"ok":true}')
    else if (path.startsWith('/orders/')) {
      response.setHeader('Retry-After', '2').setHeader('content-type', 'application/json')
      response.statusCode = 429
      response.end(errorBody('RATE_LIMIT_EXCEEDED', 'Too many requests'))
    } else if (path === '/throws') throw THROWN
    else if (path === '/rejects') await Promise.reject(THROWN)
    else response.writeHead(404, JSON_TYPE).end(errorBody('NO_SUCH_ROUTE'))
  } catch (error) {
    answerThrown(response, error as typeof THROWN)
  }
}

// biome-ignore lint/suspicious/noExplicitAny: express 4 has no types here, and 5's fit
function expressApp(make: any, plugin: ExpressOptions | null): RequestListener {
  const app = make()
  app.disable('x-powered-by')
  if (plugin !== null) app.use(apiErrorsExpress(plugin))
  app.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    if (!raw(request, response)) next()
  })
  app.get('/ok', (_: unknown, response: express.Response) => response.json({ ok: true }))
  const orders = make.Router()
  orders.get('/:id', (_: unknown, response: express.Response) => {
    response
      .status(429)
      .set('Retry-After', '2')
      .json(JSON.parse(errorBody('RATE_LIMIT_EXCEEDED', 'Too many requests')))
  })
  app.use('/orders', orders)
  app.get('/throws', () => {
    throw THROWN
  })
  app.get('/rejects', (_: unknown, __: unknown, next: (error: unknown) => void) => {
    setImmediate(() => next(THROWN))
  })
  app.use((_: unknown, response: express.Response) =>
    response.status(404).type('json').send(errorBody('NO_SUCH_ROUTE')),
  )
  app.use((error: FastifyError, _: unknown, response: express.Response, __: unknown) =>
    answerThrown(response, error),
  )
  return app
}

// biome-ignore lint/suspicious/noExplicitAny: fastify 4 and 5 have types of their own
async function fastifyApp(make: any, plugin: FastifyOptions | null): Promise<Server> {
  const app = make({ forceCloseConnections: true })
  if (plugin !== null) app.register(apiErrors, plugin)
  for (const path of Object.keys(RAW))
    app.get(path, (request: { raw: IncomingMessage }, reply: { raw: ServerResponse; hijack: () => void }) => {
      reply.hijack()
      raw(request.raw, reply.raw)
    })
  app.get('/ok', async () => ({ ok: true }))
  // biome-ignore lint/suspicious/noExplicitAny: see above
  app.get('/orders/:id', (_: unknown, reply: any) =>
    reply
      .code(429)
      .header('Retry-After', '2')
      .send(JSON.parse(errorBody('RATE_LIMIT_EXCEEDED', 'Too many requests'))),
  )
  app.get('/throws', () => {
    throw THROWN
  })
  app.get('/rejects', async () => Promise.reject(THROWN))
  // biome-ignore lint/suspicious/noExplicitAny: see above
  app.setNotFoundHandler((_: unknown, reply: any) =>
    reply.code(404).type('application/json').send(errorBody('NO_SUCH_ROUTE')),
  )
  // biome-ignore lint/suspicious/noExplicitAny: see above
  app.setErrorHandler((error: FastifyError, _: unknown, reply: any) => {
    reply.code(error.statusCode).type('application/json').send(errorBody(error.code, error.message))
  })
  await app.ready()
  return app.server
}

/** `plugin`: null for none. */
export const startApp = async (
  framework: Framework,
  plugin: (ExpressOptions & FastifyOptions) | null,
): Promise<Listening> => listening(await serverOf(framework, plugin))

async function serverOf(
  framework: Framework,
  plugin: (ExpressOptions & FastifyOptions) | null,
): Promise<Server> {
  if (framework === 'node:http') return createServer(PLAIN)
  if (framework === 'express 5') return createServer(expressApp(express, plugin))
  if (framework === 'express 4') return createServer(expressApp((await import('express4')).default, plugin))
  if (framework === 'fastify 5') return fastifyApp(fastify, plugin)
  return fastifyApp((await import('fastify4')).default, plugin)
}
