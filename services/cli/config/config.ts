import { type Command, Option } from 'commander'
import { ROLES, type Role } from '../../composition/role.ts'
import { describeConfig } from '../../config.ts'
import { findingsText } from '../doctor/findings-text.ts'
import { FAILED, GOOD, loadFor, print, printJson, problemsOf, withConfiguration } from '../run.ts'
import { withProgress } from '../text/progress.ts'
import { paint } from '../text/terminal.ts'

interface Flags {
  data?: string
  config?: string
  json?: true
  check?: Role
}

/** `telltale config`: what is set, and where each value came from. */
export const addConfig = (program: Command): Command =>
  withConfiguration(program.command('config'))
    .description('print the configuration and where each value came from')
    .option('--json', 'print it as JSON')
    .addOption(
      new Option(
        '--check [role]',
        'try all that `up`, or this role, would need: catalogs, directory, ports, every broker, every ClickHouse address, tokens; exits with 1 if something fails',
      )
        .choices(ROLES)
        .preset('up'),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ TELLTALE_PORT=9090 telltale config\n  $ telltale config --check consume',
    )
    .action(async (flags: Flags) => {
      process.exitCode = await (flags.check === undefined
        ? printConfig(flags)
        : tryConfig(flags, flags.check))
    })

async function tryConfig({ json, check: _, ...flags }: Flags, role: Role): Promise<number> {
  // Here, not above: who only prints the configuration need not wait for what is tried.
  const { checkRole } = await import('./check.ts')
  const findings = await withProgress(() => 'trying', checkRole(loadFor(flags), role))
  if (json) printJson(findings)
  else print(findingsText(findings))
  return findings.some(({ status }) => status === 'fail') ? FAILED : GOOD
}

function printConfig({ json, ...flags }: Flags): number {
  const loaded = loadFor(flags)
  const settings = describeConfig(loaded)
  if (json) printJson(settings)
  else {
    const rows = settings.map(({ name, value, source }) => [name, shown(value), source])
    const widths = [0, 1].map((at) => Math.max(...rows.map((row) => row[at].length)))
    for (const [name, value, source] of rows) {
      const line = `${name.padEnd(widths[0])}  ${value.padEnd(widths[1])}  `
      print(source === 'default' ? `${line}${paint('dim', source)}` : `${line}${source}`)
    }
  }
  return problemsOf(loaded, flags) ?? GOOD
}

const shown = (value: unknown): string => {
  if (value === undefined || value === '') return '–'
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.join(', ')
  return String(value)
}
