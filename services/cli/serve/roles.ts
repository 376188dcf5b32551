import type { Command } from 'commander'
import { withConfiguration } from '../run.ts'
import { serve } from './serve.ts'

interface Flags {
  config?: string
  host?: string
  insecure?: true
  port?: string
  otlpPort?: string
  logLevel?: string
  json?: true
}

/** The parts of `up` as processes of their own, any number of each: they meet in Kafka and in ClickHouse. */
export function addRoles(program: Command): void {
  role(program, 'intake', 'take spans and write them to Kafka; needs TELLTALE_KAFKA_BROKERS').option(
    '--otlp-port <port>',
    'for spans, OTLP over HTTP (4318; 0 takes any free one)',
  )
  role(program, 'consume', 'store what is in Kafka; needs TELLTALE_KAFKA_BROKERS and TELLTALE_CLICKHOUSE_URL')
  role(program, 'api', 'answer questions: API and page; needs TELLTALE_CLICKHOUSE_URL')
}

const EXAMPLES = {
  intake:
    'TELLTALE_KAFKA_BROKERS=kafka-1:9092,kafka-2:9092 \\\n      telltale intake --host 0.0.0.0 --insecure',
  consume:
    'TELLTALE_KAFKA_BROKERS=kafka-1:9092 \\\n      TELLTALE_CLICKHOUSE_URL=http://clickhouse:8123 \\\n      telltale consume',
  api: 'TELLTALE_CLICKHOUSE_URL=http://clickhouse:8123 telltale api --port 8080',
}

const role = (program: Command, name: keyof typeof EXAMPLES, description: string): Command =>
  withConfiguration(program.command(name))
    .description(description)
    .option('--host <address>', 'address to listen on (127.0.0.1)')
    .option('--insecure', 'serve other machines also without any token')
    .option('--port <port>', 'for /healthz, /readyz and /metrics (8080; 0 takes any free one)')
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent (info)')
    .option('--json', 'print the addresses as one line of JSON when ready')
    .addHelpText('after', `\nExample:\n  $ ${EXAMPLES[name]}`)
    .action(async (flags: Flags) => {
      process.exitCode = await serve(name, flags)
    })
