import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'

const services = join(import.meta.dirname, '../services')

/** What each room may import besides itself. Types may come from anywhere, except into the sealed rooms. */
const RULES: Record<string, string[]> = {
  contract: [],
  instrumentation: [],
  catalog: ['contract', 'instrumentation/retry-policy', 'instrumentation/read-error'],
  intake: ['contract'],
  transport: ['contract'],
  consumer: ['contract', 'instrumentation/scrub', 'instrumentation/read-error/limit-list.ts'],
  store: ['contract'],
  web: ['contract'],
  access: ['contract', 'store/queries'],
  api: [
    'contract',
    'catalog',
    'store/queries',
    'instrumentation/read-error.ts',
    'instrumentation/retry-policy',
  ],
  demo: ['catalog', 'instrumentation/index.ts'],
  'config-file.ts': [],
  'config-values.ts': [],
  'config.ts': ['config-file.ts', 'config-values.ts'],
  'data-directory.ts': [],
  'store-place.ts': [],
  metrics: [],
  self: ['contract', 'access'],
  composition: [
    'contract',
    'intake',
    'transport',
    'consumer',
    'store',
    'metrics',
    'data-directory.ts',
    'store-place.ts',
  ],
  'main.ts': [
    'composition',
    'contract',
    'catalog',
    'intake',
    'transport',
    'consumer',
    'store',
    'web',
    'api',
    'access',
    'config.ts',
    'data-directory.ts',
    'store-place.ts',
    'metrics',
    'self',
  ],
  cli: [
    'contract',
    'catalog',
    'transport',
    'instrumentation/scrub',
    'store',
    'web',
    'api',
    'access',
    'config.ts',
    'data-directory.ts',
    'store-place.ts',
    'composition/role.ts',
    'demo',
    'main.ts',
  ],
}
const SEALED = ['contract', 'instrumentation']

const IMPORT = /\b(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'|\bimport\(\s*'(\.[^']+)'/g

const files = globSync('**/*.ts', { cwd: services }).filter(
  (file) => !/(?:^|\/)(?:node_modules|dist)\//.test(file),
)
const roomOf = (file: string) => file.split('/')[0]

function importsOf(file: string) {
  const source = readFileSync(join(services, file), 'utf8')
  return [...source.matchAll(IMPORT)].map(([, type, from, dynamic]) => ({
    file,
    isType: type !== undefined,
    target: relative(services, join(services, file, '..', from ?? dynamic)),
  }))
}

function isAllowed({ file, isType, target }: ReturnType<typeof importsOf>[number]): boolean {
  const room = roomOf(file)
  if (roomOf(target) === room) return true
  if (isType && !SEALED.includes(room) && !target.startsWith('..')) return true
  return RULES[room]?.some((allowed) => target === allowed || target.startsWith(`${allowed}/`)) ?? false
}

test('every room has a rule', () => {
  expect([...new Set(files.map(roomOf))].filter((room) => !(room in RULES))).toEqual([])
})

test('rooms import only what their rule names', () => {
  const breaches = files.flatMap(importsOf).filter((one) => !isAllowed(one))
  expect(breaches.map(({ file, target }) => `${file} imports ${target}`)).toEqual([])
})

test('only config.ts reads the environment', () => {
  const readers = files.filter((file) => /process\.env\b/.test(readFileSync(join(services, file), 'utf8')))
  expect(readers.filter((file) => file !== 'config.ts' && roomOf(file) !== 'instrumentation')).toEqual([])
})
