import type { Config } from '../../config.ts'
import { partsSetAside } from '../../store/connect/set-aside.ts'
import { newestError } from '../../store/queries/newest-error.ts'
import { tableSizes } from '../../store/queries/table-sizes.ts'
import { damageText } from '../../store/upkeep/damage.ts'
import { embeddedStore, hasStore, nameOfStore } from '../../store-place.ts'
import { startProblem } from '../start-problem.ts'
import { number } from '../text/numbers.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

const DAMAGED =
  '`telltale up` makes good what it can; for the rest see docs/operations.md on parts that were set aside.'

/** The store itself, where no instance has it: does it open, is its schema this version's, what is in it? */
export async function checkStore(config: Config): Promise<{ findings: Finding[]; newest: number | null }> {
  const place = nameOfStore(config)
  if (!hasStore(config))
    return { findings: [ok('store', `${place} holds none yet; \`telltale up\` makes one`)], newest: null }
  try {
    // Here, not above: it loads the engine.
    const { due, onStore } = await import('../keep/schema-of-store.ts')
    const pending = await due(config)
    if (pending.length > 0)
      return {
        findings: [
          warn(
            'store',
            `${place} has ${pending.length} migrations to come`,
            '`telltale migrate` applies them, and so does `telltale up`.',
          ),
        ],
        newest: null,
      }
    const { newest, errors, damage } = await onStore(config, async ({ reader }) => ({
      damage: embeddedStore(config) === null ? null : damageText(await partsSetAside(reader)),
      newest: await newestError(reader.query),
      errors: (await tableSizes(reader.query)).find(({ table }) => table === 'errors')?.rows ?? 0,
    }))
    const findings = [ok('store', `${place} opens; errors stored: ${number(errors)}`)]
    if (damage !== null) findings.push(fail('parts', damage, DAMAGED))
    return { findings, newest }
  } catch (error) {
    return {
      findings: [
        fail(
          'store',
          startProblem(error, config),
          embeddedStore(config) === null
            ? 'docs/operations.md says what a ClickHouse server must be and allow.'
            : 'If a telltale uses it, say where that listens with --url; else see docs/operations.md on restoring a backup.',
        ),
      ],
      newest: null,
    }
  }
}
