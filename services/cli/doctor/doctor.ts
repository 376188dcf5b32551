import type { Command } from 'commander'
import { type AskingFlags, withAsking } from '../answers/asking.ts'
import { FAILED, GOOD, loadFor, print, printJson } from '../run.ts'
import { withProgress } from '../text/progress.ts'
import { checkCatalogs } from './catalogs.ts'
import { checkClock } from './clock.ts'
import { checkConfiguration } from './configuration.ts'
import { checkDisk } from './disk.ts'
import type { Finding } from './finding.ts'
import { findingsText } from './findings-text.ts'
import { checkInstance } from './instance.ts'
import { checkKafka } from './kafka.ts'
import { checkPorts } from './ports.ts'
import { checkStore } from './store.ts'

/** `telltale doctor`: looks at everything that must be right, and says what to do about what is not. */
export const addDoctor = (program: Command): Command =>
  withAsking(program.command('doctor'))
    .description('look at configuration, catalogs, disk, instance, ports, store, Kafka and clock')
    .addHelpText(
      'after',
      `
Exits with 1 if something fails; a warning alone is no failure.

Examples:
  $ telltale doctor
  $ telltale doctor --json | jq '.[] | select(.status != "ok")'`,
    )
    .action(async ({ json, ...flags }: AskingFlags) => {
      const findings = await withProgress(() => 'looking', look(flags))
      if (json) printJson(findings)
      else print(findingsText(findings))
      process.exitCode = findings.some(({ status }) => status === 'fail') ? FAILED : GOOD
    })

/** What is looked at and what was found, in this order: what comes first explains what comes after. */
async function look(flags: Omit<AskingFlags, 'json'>): Promise<Finding[]> {
  const loaded = loadFor(flags)
  const { config } = loaded
  const { findings, instance } = await checkInstance(loaded)
  // Whoever names an instance elsewhere asks about that, and not about this machine.
  const isHere = loaded.sources.url === 'default' || instance === null
  const store = instance === null && isHere ? await checkStore(config) : { findings: [], newest: null }
  return [
    ...checkConfiguration(loaded),
    ...(await checkCatalogs(config)),
    ...(isHere ? await checkDisk(config) : []),
    ...findings,
    ...(await checkPorts(config, instance)),
    ...store.findings,
    ...(config.kafka.brokers.length > 0 ? await checkKafka(config, 'up') : []),
    ...(await checkClock(config, instance, store.newest)),
  ]
}
