import { describe, expect, test } from 'vitest'
import { catalogYaml } from '../../../services/catalog/import/print-catalog.ts'
import { loadCatalogs } from '../../../services/catalog/load.ts'
import { parseCatalog } from '../../../services/catalog/parse.ts'
import { SEEDS_ARE_HERE, seedBytes } from '../seed-pages.ts'
import { LEARNED, pagesIn } from './expected.ts'
import { imported, scorePage } from './score.ts'

describe.each(LEARNED)('%s pages', (part) => {
  test.each(pagesIn(part))('$name: codes, statuses and stated retry; nothing invented', (page) => {
    expect(scorePage(page).wrong).toEqual([])
  })

  test.each(pagesIn(part))('$name: prints a catalog that loads', ({ bytes }) => {
    const page = imported(bytes)
    const parsed = parseCatalog(catalogYaml('some-vendor', page), 'printed')
    if (Array.isArray(parsed)) throw new Error(JSON.stringify(parsed))
    expect(parsed.catalog.codes.map(({ code }) => code)).toEqual(page.codes.map(({ code }) => code))
    expect(parsed.catalog.codes.map(({ retry = 'unknown' }) => retry)).toEqual(
      page.codes.map(({ retry }) => retry),
    )
  })
})

describe('the pages of the built-in catalogs', async () => {
  const { catalogs } = await loadCatalogs([])
  const pages = ['wallet-gateway', 'session-api', 'client-platform', 'resource-api', 'generation-api']
  for (const [index, provider] of pages.entries()) {
    test(`00${index} imports to ${provider} as written by hand`, ({ skip }) => {
      skip(!SEEDS_ARE_HERE, 'needs the pages in ../shared/seeds')
      const byHand = catalogs.find((each) => each.provider === provider)
      const facts = (
        codes: readonly { code: string; http: number[]; retry?: string; retry_is?: string }[] = [],
      ) =>
        codes
          .map(({ code, http, retry, retry_is = 'stated' }) => `${code} ${http.join()} ${retry} ${retry_is}`)
          .sort()
      expect(facts(imported(seedBytes(`00${index}`)).codes)).toEqual(facts(byHand?.codes))
    })
  }
})
