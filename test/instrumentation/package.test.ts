import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { VERSION } from '../../services/instrumentation/version.ts'

test('spans name the version of the package', () => {
  const manifest = join(import.meta.dirname, '../../services/instrumentation/package.json')
  expect(VERSION).toBe(JSON.parse(readFileSync(manifest, 'utf8')).version)
})
