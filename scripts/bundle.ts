// services/ as few files that Node runs without reading types: what the published package carries (build.ts), and what
// the tests start as processes (built-for-tests.ts). Most of the time that a short command takes is spent on loading.
import { copyFileSync, globSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { type Plugin, rolldown } from 'rolldown'
import { loadCatalogs } from '../services/catalog/load.ts'

/** Files that the program reads beside its code. */
const ASSETS = '**/*.{sql,yaml,html,css,js,svg}'
/** What is started as a process, or loaded before one: each keeps its path. */
const ENTRIES = [
  'cli/main',
  'demo/world/main',
  'demo/shop/{checkout,fulfilment,mailer,storefront,sdk}',
  'instrumentation/register',
]

const root = join(import.meta.dirname, '..')
const source = join(root, 'services')

/** `within`: the dependencies that become part of it; all others are imported as ever. */
export async function bundleServices(to: string, within: (dependency: string) => boolean): Promise<void> {
  const entries = ENTRIES.flatMap((entry) => globSync(`${entry}.ts`, { cwd: source }))
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(entries.map((file) => [file.replace(/\.ts$/, ''), join(source, file)])),
    external: (name) => name.startsWith('node:') || (isPackage(name) && !within(name)),
    platform: 'node',
    plugins: [keepPlaces],
  })
  await bundle.write({ dir: to, entryFileNames: '[name].js', chunkFileNames: 'shared/[name]-[hash].js' })
  await bundle.close()

  for (const asset of globSync(ASSETS, { cwd: source, exclude: ['instrumentation/**'] })) {
    const copy = join(to, asset)
    mkdirSync(dirname(copy), { recursive: true })
    copyFileSync(join(source, asset), copy)
  }
  const { catalogs } = await loadCatalogs([])
  writeFileSync(join(to, 'catalog/built-in.json'), JSON.stringify(catalogs))
}

const isPackage = (name: string): boolean => !/^[./]/.test(name)

/** A module looks for what lies beside it: it must still be told where it was, not where its code went. */
const PLACE = '/…/'
const keepPlaces: Plugin = {
  name: 'keep-places',
  transform(code, id) {
    if (!id.startsWith(source) || !code.includes('import.meta.')) return null
    const place = PLACE + relative(source, id).replace(/ts$/, 'js')
    return {
      code: code.replaceAll('import.meta.url', `new URL('${place}', import.meta.url).href`),
      map: null,
    }
  },
  renderChunk(code, { fileName }) {
    return { code: code.replaceAll(PLACE, '../'.repeat(fileName.split('/').length - 1)), map: null }
  },
}
