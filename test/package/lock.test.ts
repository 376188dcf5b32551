import { expect, test } from 'vitest'
import { checkLock, fixLock, type Lock } from '../../scripts/check-lock.ts'

const engine = {
  'node_modules/engine': {
    version: '3.0.0',
    optionalDependencies: {
      '@engine/lib-linux-x64-gnu': '26.7.1',
      '@engine/lib-linux-arm64-musl': '26.7.1',
      '@engine/lib-darwin-arm64': '26.7.1',
    },
  },
  'node_modules/@engine/lib-linux-x64-gnu': {
    version: '26.7.1',
    integrity: 'sha512-x',
    os: ['linux'],
    cpu: ['x64'],
    libc: ['glibc'],
    dev: true,
    license: 'Apache-2.0',
    optional: true,
  },
}

test('a lock without the packages of other platforms is refused, and repaired from a sibling', () => {
  const lock: Lock = { packages: engine }
  expect(checkLock({}, lock)).toEqual([
    expect.stringContaining(
      '@engine/lib-linux-arm64-musl@26.7.1, wanted by node_modules/engine, has no entry',
    ),
    expect.stringContaining('@engine/lib-darwin-arm64@26.7.1'),
  ])
  const fixed = fixLock(lock)
  expect(checkLock({}, fixed)).toEqual([])
  expect(fixed.packages['node_modules/@engine/lib-linux-arm64-musl']).toEqual({
    version: '26.7.1',
    os: ['linux'],
    cpu: ['arm64'],
    libc: ['musl'],
    dev: true,
    license: 'Apache-2.0',
    optional: true,
  })
  expect(fixed.packages['node_modules/@engine/lib-linux-x64-gnu']).toEqual(
    engine['node_modules/@engine/lib-linux-x64-gnu'],
  )
})

test('a package nested below its owner counts', () => {
  const lock: Lock = {
    packages: {
      'node_modules/a': { optionalDependencies: { b: '1.0.0' } },
      'node_modules/a/node_modules/b': { version: '1.0.0' },
    },
  }
  expect(checkLock({}, lock)).toEqual([])
})

test('registry addresses are refused and removed; links to workspaces stay', () => {
  const lock: Lock = {
    packages: {
      'node_modules/a': { version: '1.0.0', resolved: 'https://registry.example/a/-/a-1.0.0.tgz' },
      'node_modules/ours': { resolved: 'services/ours', link: true },
    },
  }
  expect(checkLock({}, lock)).toEqual([expect.stringContaining('node_modules/a names a registry')])
  expect(fixLock(lock).packages).toEqual({
    'node_modules/a': { version: '1.0.0' },
    'node_modules/ours': { resolved: 'services/ours', link: true },
  })
})

test('a package under another name is pinned like any other', () => {
  expect(checkLock({ devDependencies: { express4: 'npm:express@4.22.3' } }, { packages: {} })).toEqual([])
})

test.each(['^1.2.3', '~1.2.3', '1.x', 'latest', '>=1.0.0', 'github:a/b', 'npm:express@4'])(
  '%s is not pinned',
  (version) => {
    expect(checkLock({ devDependencies: { a: version } }, { packages: {} })).toEqual([
      `package.json: devDependencies.a is "${version}"; pin one exact version`,
    ])
  },
)
