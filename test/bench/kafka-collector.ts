import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../interop/workshop.ts'
import { startInsertSink } from './insert-sink.ts'
import { cpuAtRest } from './process-cost.ts'

// A Collector that reads the same topic, keeps the errors and inserts them: TELLTALE_BENCH_COLLECTOR names one with
// kafkareceiver, filterprocessor, batchprocessor and clickhouseexporter. What it inserts into throws the rows away, in a
// process that is not counted: no engine, which is in the Collector's favour.

const LIMIT_MS = 120_000

/** CPU seconds for all spans of a topic; null where there is no Collector, or it does not come to the end. */
export async function collectorSeconds(
  brokers: string[],
  topic: string,
  spans: number,
  { core, directory }: { core: number; directory: string },
): Promise<number | null> {
  const program = process.env.TELLTALE_BENCH_COLLECTOR
  if (program === undefined) return null
  const port = await freePort()
  const sink = await startInsertSink()
  const file = join(directory, 'collector.json')
  const metrics = { readers: [{ pull: { exporter: { prometheus: { host: '127.0.0.1', port } } } }] }
  const config = {
    receivers: {
      kafka: {
        brokers,
        group_id: `collector-${topic}`,
        initial_offset: 'earliest',
        traces: { topics: [topic], encoding: 'otlp_proto' },
      },
    },
    processors: {
      filter: { error_mode: 'ignore', traces: { span: ['status.code != STATUS_CODE_ERROR'] } },
      batch: {},
    },
    exporters: {
      clickhouse: {
        endpoint: sink.url,
        database: 'otel',
        create_schema: false,
        compress: 'none',
      },
    },
    service: {
      telemetry: { metrics },
      pipelines: {
        traces: { receivers: ['kafka'], processors: ['filter', 'batch'], exporters: ['clickhouse'] },
      },
    },
  }
  writeFileSync(file, JSON.stringify(config))
  const child = spawn('taskset', ['-c', String(core), program, '--config', file], {
    env: { ...process.env, GOMAXPROCS: '1' },
    stdio: 'ignore',
  })
  const exited = once(child, 'exit')
  const accepted = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => null)
    const text = (await answer?.text()) ?? ''
    return Number(/^otelcol_receiver_accepted_spans\S* (\S+)$/m.exec(text)?.[1] ?? 0)
  }
  const deadline = performance.now() + LIMIT_MS
  let isDone = false
  while (!isDone && child.exitCode === null && performance.now() < deadline) {
    await delay(200)
    isDone = (await accepted()) >= spans
  }
  const used = isDone ? await cpuAtRest([child.pid!]) : null
  const isStored = sink.rows() > 0
  child.kill('SIGKILL')
  await exited
  sink.close()
  return isStored ? used : null
}
