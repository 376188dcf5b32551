import { createWriteStream, existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { type AskingFlags, asking, queryOf, refusal } from '../answers/asking.ts'
import { complain, FAILED, GOOD, WRONG_USE, withConfiguration } from '../run.ts'
import { withProgress } from '../text/progress.ts'

interface Flags extends Omit<AskingFlags, 'json'> {
  table: string
  format?: string
  from?: string
  to?: string
  out: string
}

/** `telltale export`: a table's part of a period, as a file. */
export const addExport = (program: Command): Command =>
  withConfiguration(program.command('export'))
    .description('write rows or counts of a period as Parquet, NDJSON or CSV')
    .option('--url <url>', 'a running telltale (http://127.0.0.1:8080)')
    .requiredOption('--table <name>', 'errors, codes, traffic, errors_by_hour …')
    .option('--from <time>', 'from this time on: -1h, -7d or RFC 3339 (-24h)')
    .option('--to <time>', 'until this time (now)')
    .option('--format <format>', 'parquet, ndjson or csv (ndjson)')
    .option('--out <file>', 'where to; - is standard output (-)', '-')
    .addHelpText(
      'after',
      '\nExample:\n  $ telltale export --table errors --from -7d --format csv --out week.csv',
    )
    .action(async ({ table, format, from, to, out, ...flags }: Flags) => {
      const path = `/api/v1/export${queryOf({ table, format, from, to })}`
      process.exitCode = await exportTo(out, path, flags)
    })

async function exportTo(out: string, path: string, flags: AskingFlags): Promise<number> {
  if (out !== '-' && existsSync(out)) {
    complain(`${out} is there already; give another --out, or move it away.`)
    return WRONG_USE
  }
  return asking(flags, async (_ask, _loaded, file) => {
    const answer = await file(path)
    if (answer.status !== 'answered') return refusal(answer)
    let bytes = 0
    async function* counted(pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        bytes += piece.length
        yield piece
      }
    }
    const part = `${out}.part`
    const into = out === '-' ? process.stdout : createWriteStream(part, { flags: 'wx' })
    try {
      await withProgress(
        () => `writing ${out}, ${(bytes / 1e6).toFixed(1)} MB`,
        pipeline(answer.data, counted, into, { end: out !== '-' }),
      )
      if (out !== '-') await rename(part, out)
      return GOOD
    } catch (error) {
      if (out !== '-') await rm(part, { force: true })
      complain(`the export broke off: ${(error as Error).message}. Nothing of it is complete; try again.`)
      return FAILED
    }
  })
}
