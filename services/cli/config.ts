import type { Command } from 'commander'
import { describeConfig } from '../config.ts'
import { GOOD, loadFor, print, printJson, problemsOf, withConfiguration } from './run.ts'
import { paint } from './text/terminal.ts'

interface Flags {
  data?: string
  config?: string
  json?: true
}

/** `telltale config`: what is set, and where each value came from. */
export const addConfig = (program: Command): Command =>
  withConfiguration(program.command('config'))
    .description('print the configuration and where each value came from')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExample:\n  $ TELLTALE_PORT=9090 telltale config')
    .action((flags: Flags) => {
      process.exitCode = printConfig(flags)
    })

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
