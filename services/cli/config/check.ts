import { openDoor } from '../../access/door.ts'
import { openTokens } from '../../access/tokens.ts'
import { type Role, requireParts } from '../../composition/role.ts'
import type { Config, LoadedConfig } from '../../config.ts'
import { errorOf } from '../../contract/thrown.ts'
import type { Query } from '../../store/queries/query.ts'
import { embeddedStore, hasStore } from '../../store-place.ts'
import { checkCatalogs } from '../doctor/catalogs.ts'
import { checkConfiguration } from '../doctor/configuration.ts'
import { checkDisk } from '../doctor/disk.ts'
import { type Finding, fail, ok, warn } from '../doctor/finding.ts'
import { checkKafka } from '../doctor/kafka.ts'
import { freePorts } from '../doctor/ports.ts'
import { checkStore } from '../doctor/store.ts'
import { startProblem } from '../start-problem.ts'

/** Tries all that a role would need, as far as nothing is changed by it: would it start here and now, and work? */
export async function checkRole(loaded: LoadedConfig, role: Role): Promise<Finding[]> {
  const { config } = loaded
  const usesKafka = config.kafka.brokers.length > 0 && role !== 'api'
  const usesDisk = role !== 'intake' && (embeddedStore(config) !== null || (role === 'up' && !usesKafka))
  const store = await checkStores(config, role)
  return [
    ...checkConfiguration(loaded),
    ...checkParts(config, role),
    ...(await checkCatalogs(config)),
    ...(usesDisk ? await checkDisk(config) : []),
    ...(await freePorts(config, role === 'up' || role === 'intake')),
    ...(usesKafka ? await checkKafka(config, role) : []),
    ...store,
    await checkAccess(config, role, !store.some(({ status }) => status === 'fail')),
  ]
}

function checkParts(config: Config, role: Role): Finding[] {
  try {
    requireParts(role, config)
    return []
  } catch (thrown) {
    return [
      fail('role', errorOf(thrown).message, 'Set it, or check another role: `telltale config --check up`.'),
    ]
  }
}

/** Each address of a server by itself, then the store behind them; intake has one only for tokens. */
async function checkStores(config: Config, role: Role): Promise<Finding[]> {
  const { url } = config.clickhouse
  if (url === undefined) return role === 'up' ? (await checkStore(config)).findings : []
  const addresses = await checkAddresses(config, url)
  if (addresses.every(({ status }) => status === 'fail')) return addresses
  const { findings } = await checkStore(config)
  // Only `up` brings the schema up itself.
  const store = findings.map(
    (one): Finding => (role === 'up' || one.status === 'ok' ? one : { ...one, status: 'fail' }),
  )
  return [...addresses, ...store]
}

async function checkAddresses(config: Config, url: string): Promise<Finding[]> {
  const advice =
    'Start it, or change TELLTALE_CLICKHOUSE_*; docs/operations.md says what a server must be and allow.'
  try {
    const { tryAddresses } = await import('../../store/connect/remote.ts')
    return (await tryAddresses({ ...config.clickhouse, url })).map(({ url: one, problem }) =>
      problem === null
        ? ok('clickhouse', `${one} answers`)
        : fail('clickhouse', `${one}: ${textOf(problem)}`, advice),
    )
  } catch (thrown) {
    return [fail('clickhouse', errorOf(thrown).message, 'Name a PEM file that can be read.')]
  }
}

/** Connections that fail at every address of a name have no message of their own. */
const textOf = (problem: unknown): string => {
  const { message, code } = errorOf(problem) as Error & { code?: string }
  return message || String(code)
}

/** The certificate's files, and who could come in: as at the start. */
async function checkAccess(config: Config, role: Role, isStoreThere: boolean): Promise<Finding> {
  const hasTokens = config.clickhouse.url !== undefined || (role !== 'intake' && hasStore(config))
  const check = async (query: Query): Promise<Finding> => {
    const tokens = await openTokens({ query, command: async () => {}, notice: () => {} })
    try {
      const door = await openDoor(config, tokens, () => {})
      door.close()
      const who = tokens.exist() ? 'who has a token' : config.insecure ? 'everybody' : 'this machine'
      return ok('access', `${door.urlOf(config)} is for ${who}`)
    } catch (error) {
      return fail('access', startProblem(error, config), 'See docs/operations.md on tokens and TLS.')
    } finally {
      await tokens.close()
    }
  }
  if (!hasTokens) return check(async () => [])
  if (!isStoreThere)
    return warn(
      'access',
      'who may come in cannot be told: the tokens are in the store, which does not answer',
      'Check again when it does.',
    )
  try {
    const { onStore } = await import('../keep/schema-of-store.ts')
    return await onStore(config, ({ reader }) => check(reader.query))
  } catch (error) {
    return fail('access', startProblem(error, config), 'The tokens are in the store.')
  }
}
