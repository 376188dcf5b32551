import http from 'node:http'
import { Readable, Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import axios from 'axios'
import got from 'got'
import nodeFetch from 'node-fetch'
import * as undici from 'undici'

export interface Sent {
  method?: string
  headers?: Record<string, string>
  body?: string
  signal?: AbortSignal
}

export interface Got {
  status: number
  headers: Record<string, string>
  body: Buffer
}

export type Client = (url: string, sent?: Sent) => Promise<Got>

const plain = (headers: Iterable<[string, string]>): Record<string, string> => Object.fromEntries(headers)
const texts = (headers: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))

/** Every way to make a call that the hook speaks of, with the answer in one shape. */
export const clients: Record<string, Client> = {
  fetch: async (url, sent) => {
    const response = await fetch(url, sent)
    return {
      status: response.status,
      headers: plain(response.headers as unknown as Iterable<[string, string]>),
      body: Buffer.from(await response.arrayBuffer()),
    }
  },
  'undici fetch': async (url, sent) => {
    const response = await undici.fetch(url, sent)
    return {
      status: response.status,
      headers: plain(response.headers as unknown as Iterable<[string, string]>),
      body: Buffer.from(await response.arrayBuffer()),
    }
  },
  'undici request': async (url, sent) => {
    const { statusCode, headers, body } = await undici.request(url, sent as undici.Dispatcher.RequestOptions)
    return { status: statusCode, headers: texts(headers), body: Buffer.from(await body.arrayBuffer()) }
  },
  'undici stream': async (url, sent) => {
    const chunks: Buffer[] = []
    let status = 0
    let headers: Record<string, string> = {}
    await undici.stream(url, { method: 'GET', ...sent } as undici.Dispatcher.RequestOptions, (answer) => {
      status = answer.statusCode
      headers = texts(answer.headers)
      return new Writable({
        write(chunk, _, done) {
          chunks.push(chunk)
          done()
        },
      })
    })
    return { status, headers, body: Buffer.concat(chunks) }
  },
  'undici pipeline': async (url, sent = {}) => {
    let status = 0
    let headers: Record<string, string> = {}
    const { body, ...options } = sent
    const answer = undici.pipeline(
      url,
      { method: 'GET', ...options } as undici.Dispatcher.RequestOptions,
      ({ statusCode, headers: given, body: stream }) => {
        status = statusCode
        headers = texts(given)
        return stream
      },
    )
    const whole = buffer(answer)
    Readable.from(body === undefined ? [] : [body]).pipe(answer)
    return { body: await whole, status, headers }
  },
  http: (url, { body, ...options } = {}) =>
    new Promise((resolve, reject) => {
      const request = http.request(url, options, (response) => {
        const { statusCode, headers } = response
        buffer(response).then(
          (whole) => resolve({ status: statusCode!, headers: texts(headers), body: whole }),
          reject,
        )
      })
      request.on('error', reject)
      request.end(body)
    }),
  axios: async (url, { body, ...options } = {}) => {
    const { status, headers, data } = await axios.request({
      url,
      ...options,
      data: body,
      decompress: false,
      responseType: 'arraybuffer',
      validateStatus: () => true,
    })
    return { status, headers: texts(headers as Record<string, unknown>), body: Buffer.from(data) }
  },
  got: async (url, sent) => {
    const { statusCode, headers, rawBody } = await got(url, {
      ...(sent as object),
      retry: { limit: 0 },
      throwHttpErrors: false,
      decompress: false,
      responseType: 'buffer',
    })
    return { status: statusCode, headers: texts(headers), body: Buffer.from(rawBody) }
  },
  'node-fetch': async (url, sent) => {
    const response = await nodeFetch(url, { ...(sent as object), compress: false })
    return {
      status: response.status,
      headers: plain(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    }
  },
}
