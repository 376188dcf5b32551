import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DiagLogLevel, diag } from '@opentelemetry/api'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { settingsOf } from '../../services/instrumentation/settings.ts'

let warnings: string[] = []
const nothing = () => undefined

beforeEach(() => {
  warnings = []
  const logger = {
    warn: (text: string) => warnings.push(text),
    error: nothing,
    info: nothing,
    debug: nothing,
    verbose: nothing,
  }
  diag.setLogger(logger, DiagLogLevel.WARN)
})
afterEach(() => diag.disable())

test('what is configured wins over the environment, which wins over the default', () => {
  const environment = { TELLTALE_CAPTURE_MESSAGE: 'false', TELLTALE_CAPTURE_LIMITS: '0', TELLTALE_SPANS: '' }
  expect(settingsOf({}, {})).toMatchObject({ captureMessage: true, captureLimits: true, spans: true })
  expect(settingsOf({}, environment)).toMatchObject({
    captureMessage: false,
    captureLimits: false,
    spans: true,
  })
  expect(settingsOf({ captureMessage: true }, environment).captureMessage).toBe(true)
  expect(warnings).toEqual([])
})

test('a word that is neither true nor false is told, and left out', () => {
  expect(settingsOf({}, { TELLTALE_SPANS: 'off' }).spans).toBe(true)
  expect(warnings).toEqual(['TELLTALE_SPANS is true or false, not off'])
})

test('catalogs come as a file; one that is none is told, and left out', () => {
  const directory = mkdtempSync(join(tmpdir(), 'telltale-settings-'))
  try {
    const file = join(directory, 'catalogs.json')
    const catalogs = { format: 1, retryable: [], catalogs: [] }
    writeFileSync(file, JSON.stringify(catalogs))
    expect(settingsOf({}, { TELLTALE_COMPILED_CATALOGS: file }).catalogs).toEqual(catalogs)
    expect(settingsOf({ catalogs: file }, {}).catalogs).toEqual(catalogs)
    writeFileSync(file, '{"format":2}')
    expect(settingsOf({ catalogs: file }, {}).catalogs).toBeNull()
    expect(settingsOf({ catalogs: join(directory, 'none.json') }, {}).catalogs).toBeNull()
    expect(warnings).toHaveLength(2)
  } finally {
    rmSync(directory, { recursive: true })
  }
})
