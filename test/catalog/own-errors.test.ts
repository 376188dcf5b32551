import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { made } from '../../scripts/own-errors.ts'
import { compileCatalogs } from '../../services/catalog/classify.ts'
import { loadCatalogs } from '../../services/catalog/load.ts'
import { API_ERRORS } from '../../services/contract/errors.ts'

const root = join(import.meta.dirname, '../..')
const { catalogs } = await loadCatalogs([])

test.each(Object.entries(made()))('%s is made of the table of today', (path, text) => {
  expect(readFileSync(join(root, path), 'utf8'), 'run: node scripts/own-errors.ts').toBe(text)
})

test('what the catalog says is what the table says, code by code', () => {
  const own = catalogs.find(({ provider }) => provider === 'telltale')!
  const read = own.codes.map(({ code, http, retry, class: kind, meaning, action }) => [
    code,
    { status: http[0], retry, class: kind, message: meaning, action },
  ])
  expect(Object.fromEntries(read)).toEqual(API_ERRORS)
  expect(own.codes.every(({ http, retry_is }) => http.length === 1 && retry_is === 'stated')).toBe(true)
})

test('our own spans are of this provider, and its codes are known', () => {
  const { resolveProvider, verdict } = compileCatalogs(catalogs)
  expect(resolveProvider({ attribute: '', serverAddress: '', service: 'telltale', side: 'server' })).toBe(
    'telltale',
  )
  expect(verdict('telltale', 'request_not_found', 404)).toMatchObject({ standing: 'known', retry: 'never' })
})
