import type { Command } from 'commander'
import { withConfiguration } from '../run.ts'
import { serve } from './serve.ts'

interface Flags {
  data?: string
  config?: string
  host?: string
  insecure?: true
  port?: string
  otlpPort?: string
  catalogs?: string[]
  logLevel?: string
  self?: true
  json?: true
}

/** `telltale up`: everything in this one process, until a signal ends it. */
export const addUp = (program: Command): Command =>
  withConfiguration(program.command('up'))
    .description('run everything in one process on the embedded store')
    .option('--host <address>', 'address to listen on (127.0.0.1)')
    .option('--insecure', 'serve other machines also without any token')
    .option('--port <port>', 'for the page and the API (8080; 0 takes any free one)')
    .option('--otlp-port <port>', 'for spans, OTLP over HTTP (4318; 0 takes any free one)')
    .option('--catalogs <directory>', 'of catalogs of yours; can be given several times', directories)
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent (info)')
    .option('--self', 'send spans of its own API to itself, to look up its own failures')
    .option('--json', 'print the addresses as one line of JSON when ready')
    .addHelpText(
      'after',
      '\nExamples:\n  $ telltale up\n  $ telltale up --data /var/lib/telltale --port 8080 --catalogs ./catalogs',
    )
    .action(async (flags: Flags) => {
      process.exitCode = await serve('up', flags)
    })

/** `:` between several, as in the environment. */
const directories = (given: string, before: string[] = []) => [...before, ...given.split(':').filter(Boolean)]
