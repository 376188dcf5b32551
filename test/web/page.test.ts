import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { appOnStore } from '../api/app-on-store.ts'

const on = appOnStore()
const directory = join(import.meta.dirname, '../../services/web/page')
const files = readdirSync(directory)

describe('the page', () => {
  test.each(['/', '/requests/req_8f3a', '/requests/%3Cscript%3E'])(
    'is at %s, the same wherever',
    async (url) => {
      const response = await on.app.inject({ url })
      expect(response.statusCode).toBe(200)
      expect(response.headers['content-type']).toBe('text/html; charset=utf-8')
      expect(response.body).toBe(readFileSync(join(directory, 'index.html'), 'utf8'))
    },
  )

  test('brings every file that it names', async () => {
    const named = files.flatMap((name) => [
      ...readFileSync(join(directory, name), 'utf8').matchAll(/"(\/assets\/[^"]+)"|from '\.\/([^']+)'/g),
    ])
    expect(named.length).toBeGreaterThan(5)
    for (const [, url, module] of named) {
      const { statusCode, headers } = await on.app.inject({ url: url ?? `/assets/${module}` })
      expect([url ?? module, statusCode]).toEqual([url ?? module, 200])
      expect(headers['content-type']).not.toMatch(/octet|plain/)
    }
  })

  test('is not sent again while it is the same', async () => {
    const { headers } = await on.app.inject({ url: '/assets/app.js' })
    expect(headers['cache-control']).toBe('private, no-cache')
    const again = (tag: string) => on.app.inject({ url: '/assets/app.js', headers: { 'if-none-match': tag } })
    const unchanged = await again(`"other", W/${headers.etag}`)
    expect([unchanged.statusCode, unchanged.body, unchanged.headers.etag]).toEqual([304, '', headers.etag])
    expect((await again('"other"')).statusCode).toBe(200)
  })
})

describe('the files of the page', () => {
  const source = (name: string) => readFileSync(join(directory, name), 'utf8')

  test('never parse what came over the wire as markup or code', () => {
    for (const name of files.filter((name) => name.endsWith('.js'))) {
      expect([
        name,
        source(name).match(
          /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|srcdoc|DOMParser/,
        ),
      ]).toEqual([name, null])
    }
  })

  test('hold no inline script or style, and nothing from elsewhere', () => {
    const html = source('index.html')
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/i)
    for (const name of files.filter((name) => name !== 'icon.svg')) {
      const addresses = source(name).match(/https?:\/\/[^\s'"`)]+/g) ?? []
      expect([name, addresses.filter((url) => !/127\.0\.0\.1|www\.w3\.org/.test(url))]).toEqual([name, []])
    }
  })
})
