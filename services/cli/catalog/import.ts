import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Command, Option } from 'commander'
import { FORMATS, type Format } from '../../catalog/import/format.ts'
import type { Imported } from '../../catalog/import/import-page.ts'
import { MOST_BYTES } from '../../catalog/import/page-text.ts'
import type { Match } from '../../catalog/import/print-catalog.ts'
import { matchSchema } from '../../catalog/schema.ts'
import { reasonOf } from '../../contract/thrown.ts'
import { complain, FAILED, GOOD, print, WRONG_USE } from '../run.ts'
import { counted } from '../text/numbers.ts'
import { plain } from '../text/terminal.ts'

interface Flags {
  provider?: string
  format?: Format
  host?: string[]
  service?: string[]
  json?: true
}

/** `telltale catalog import FILE`: a publisher's page as a catalog. */
export const addCatalogImport = (catalog: Command): Command =>
  catalog
    .command('import')
    .description(
      'make a catalog from what a vendor publishes: Markdown, HTML, plain text, programs, data, OpenAPI, Smithy',
    )
    .argument('<file>', 'the page, saved or copied; - reads stdin')
    .option('--provider <name>', 'whose codes these are (from the name of the file)')
    .option(
      '--host <host...>',
      'the hosts of this API, as in api.example.com: the catalog is for their spans',
    )
    .option('--service <name...>', 'the service names that send its spans')
    .addOption(new Option('--format <format>', 'what the file is (found out)').choices(FORMATS))
    .option('--json', 'print as JSON instead of YAML')
    .addHelpText(
      'after',
      '\nWhat looked like a code and was not taken stands in the notes, with the line and\nthe reason.\n\nExample:\n  $ telltale catalog import errors.md --provider session-api \\\n      --host api.session.example > catalogs/session-api.yaml',
    )
    .action(async (file: string, flags: Flags) => {
      process.exitCode = await importFile(file, flags)
    })

const PROVIDER = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/

async function importFile(
  file: string,
  { provider: given, format, host, service, json }: Flags,
): Promise<number> {
  if (given !== undefined && !PROVIDER.test(given)) {
    complain(
      `--provider ${plain(given)}: lower-case letters, digits and inner hyphens only, as in session-api`,
    )
    return WRONG_USE
  }
  const match = { hosts: host ?? [], services: service ?? [] }
  const wrong = matchSchema.safeParse(match)
  if (!wrong.success) {
    complain(`--host or --service: ${plain(wrong.error.issues[0].message)}`)
    return WRONG_USE
  }
  const provider = given ?? providerOf(file)
  // Here, not above: a hundred files that read pages, which no other command needs in order to start.
  const { importPage } = await import('../../catalog/import/import-page.ts')
  const { catalogYaml } = await import('../../catalog/import/print-catalog.ts')
  const read = file === '-' ? await readStdin() : await readPage(file)
  const imported = 'problem' in read ? read : importPage(read.bytes, format)
  if ('problem' in imported) {
    complain(`${plain(file === '-' ? 'stdin' : file)}: ${plain(imported.problem)}`)
    return FAILED
  }
  const { codes, notes } = imported
  if (json) print(JSON.stringify(jsonOf(provider, imported, match), null, 2))
  else if (codes.length > 0) print(catalogYaml(provider, imported, match).trimEnd())
  if (codes.length === 0) {
    const lines = notes.filter(({ line }) => line > 0).length
    const toCheck = lines > 0 ? ` (${counted(lines, 'line')} to check; --json prints them)` : ''
    complain(
      `no code found${toCheck}. Pass the page that lists the codes, ` +
        'as its source and not as a browser shows it (the site may fill it in by script: look for its Markdown or ' +
        'OpenAPI), and say what it is with --format.',
    )
    return FAILED
  }
  const stated = codes.filter(({ retry_is }) => retry_is === 'stated').length
  if (!json)
    complain(
      `${counted(codes.length, 'code')}, retry stated for ${stated}; ${counted(notes.length, 'note')} to check.`,
    )
  return GOOD
}

const jsonOf = (provider: string, { title, format, codes, statuses, notes }: Imported, match: Match) => ({
  provider,
  title,
  match,
  format,
  codes,
  statuses,
  notes,
})

/** "Stripe errors.md" is stripe-errors. */
function providerOf(file: string): string {
  const name = basename(file)
    .replace(/\.\w+$/, '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '')
  return name === '' ? 'imported' : name
}

type Bytes = { bytes: Buffer } | { problem: string }

const TOO_LARGE = { problem: `more than ${MOST_BYTES / 1024 / 1024} MiB; pass only the page about errors` }

async function readPage(file: string): Promise<Bytes> {
  try {
    const { size } = await stat(file)
    if (size > MOST_BYTES) return TOO_LARGE
    await using handle = await open(file)
    return await bounded(handle.createReadStream())
  } catch (error) {
    if (/^https?:\/\//.test(file))
      return {
        problem: `import fetches nothing: curl -s ${file} | telltale catalog import - --provider NAME`,
      }
    return { problem: `cannot be read: ${reasonOf(error)}` }
  }
}

const readStdin = (): Promise<Bytes> => bounded(process.stdin)

/** A pipe or a device may never end. */
async function bounded(stream: AsyncIterable<Buffer>): Promise<Bytes> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    length += chunk.length
    if (length > MOST_BYTES) return TOO_LARGE
    chunks.push(chunk)
  }
  return { bytes: Buffer.concat(chunks) }
}
