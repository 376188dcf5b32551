import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { report } from '../cli/spans.ts'
import { eventually, startUp, type Up } from '../e2e/up.ts'
import { openBrowser } from './browser.ts'

// The page as people have it: the real product, in a real browser.

const browser = await openBrowser()
if (browser === null && process.env.CI) throw new Error('there is no browser to test the page with')
const NO_BROWSER = 'no browser for this machine: name one in TELLTALE_BROWSER'

const data = mkdtempSync(join(tmpdir(), 'telltale-page-'))
let up: Up
beforeAll(async () => {
  up = await startUp(data)
  await report(up.otlpUrl, [
    { requestId: 'req_once', code: 'RATE_LIMIT_EXCEEDED', status: 429 },
    { requestId: 'req_new', code: 'SESSION_REGION_MISMATCH', status: 422 },
    ...Array.from({ length: 8 }, (_, n) => ({ provider: 'shop', code: `own_${n}`, status: 400 })),
    ...Array.from({ length: 8 }, (_, n) => ({ provider: 'shop', code: `own_${n}`, status: 400 })),
    { requestId: 'req_both', code: 'AUTH_INVALID_KEY', status: 401, service: 'checkout' },
    { requestId: 'req_both', code: 'BACKEND_TIMEOUT', status: 504, service: 'ledger' },
  ])
  await eventually(async () => {
    const answers = await Promise.all(
      ['req_once', 'req_new', 'req_both'].map((id) => fetch(`${up.url}/api/v1/requests/${id}`)),
    )
    return answers.every(({ ok }) => ok) || undefined
  }, 'what was reported')
})
afterAll(async () => {
  await Promise.all([browser?.close(), up.stop()])
  rmSync(data, { recursive: true, force: true })
})

let page: Page
const complaints: string[] = []
beforeEach(async (context) => {
  if (browser === null) return context.skip(NO_BROWSER)
  // Far from UTC, which is what the page shows.
  const there = await browser.newContext({ timezoneId: 'Pacific/Auckland', baseURL: up.url })
  await there.grantPermissions(['clipboard-read', 'clipboard-write'])
  page = await there.newPage()
  complaints.length = 0
  page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
})
afterEach(async () => {
  await page?.context().close()
  expect(complaints).toEqual([])
})

test('from the list of codes to an example of one', async () => {
  await page.goto('/')
  await page
    .getByRole('row', { name: 'RATE_LIMIT_EXCEEDED' })
    .getByRole('button', { name: 'example' })
    .click()
  await page.waitForURL('**/requests/req_once')
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('RATE_LIMIT_EXCEEDED')
})

test('a code that a catalog lacks is not crowded out by APIs without one, and leads to an example', async () => {
  await page.goto('/')
  const callout = page.getByRole('region', { name: 'A code that nobody documented' })
  await callout.waitFor()
  expect(await callout.getByRole('listitem').allTextContents()).toEqual([
    expect.stringMatching(/^SESSION_REGION_MISMATCH from session-api, 1 × /),
  ])
  await callout.getByText('No catalog yet for shop: with one,').waitFor()
  await callout.getByRole('button', { name: 'example' }).click()
  await page.waitForURL('**/requests/req_new')
})

test('an id that is typed in: its verdict, times in UTC, and what to tell the customer to take along', async () => {
  await page.goto('/')
  await page.getByLabel('Look up a request').fill(' req_once ')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/requests/req_once')
  const time = page.locator('time').first()
  const stored = await time.getAttribute('datetime')
  expect(await time.textContent()).toBe(`${stored!.slice(11, 23)} UTC`)
  const chip = page.getByRole('button', { name: 'Copy what to tell the customer' })
  await chip.click()
  await page.getByText('Copied').waitFor()
  const copied = await page.evaluate('navigator.clipboard.readText()')
  expect(await page.locator('.tell p').textContent()).toBe(copied)
})

test('an id of two calls: each with its own verdict', async () => {
  await page.goto('/requests/req_both')
  await page.getByRole('heading', { name: 'This id belongs to 2 different calls' }).waitFor()
  const verdicts = await page.locator('.verdict h2 .code').allTextContents()
  expect(verdicts.sort()).toEqual(['AUTH_INVALID_KEY', 'BACKEND_TIMEOUT'])
})
