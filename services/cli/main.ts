import { Command, CommanderError } from 'commander'
import { VERSION } from '../contract/version.ts'
import { addBackup } from './backup.ts'
import { addCatalog } from './catalog.ts'
import { addCodes } from './codes.ts'
import { addConfig } from './config.ts'
import { addDoctor } from './doctor/doctor.ts'
import { addErase } from './erase.ts'
import { addExplain } from './explain/explain.ts'
import { addExport } from './export.ts'
import { addLookup } from './lookup.ts'
import { addMigrate } from './migrate.ts'
import { addQuotas } from './quotas.ts'
import { addReclassify } from './reclassify.ts'
import { addRestore } from './restore.ts'
import { addRoles } from './roles.ts'
import { WRONG_USE } from './run.ts'
import { addToken } from './token.ts'
import { addTop } from './top/top.ts'
import { addUp } from './up.ts'

// What bin/telltale.cjs runs. Answers go to stdout, talk to stderr; 0 is good, 1 failed, 2 wrong use.

const program = new Command('telltale')
  .description('Knows your APIs’ error codes: what they mean, whether to retry, all about one request.')
  .version(VERSION, '-V, --version', 'print the version')
  .helpOption('-h, --help', 'print this help')
  .helpCommand('help [command]', 'print the help of a command')
  .configureHelp({ showGlobalOptions: false })
  .showHelpAfterError('Add --help for how it is used.')
  .exitOverride()
  .addHelpText('after', '\nExample:\n  $ telltale up\n  $ telltale lookup req_8f3a')

addUp(program)
addRoles(program)
addLookup(program)
addCodes(program)
addTop(program)
addQuotas(program)
addExplain(program)
addMigrate(program)
addToken(program)
addExport(program)
addErase(program)
addCatalog(program)
addReclassify(program)
addBackup(program)
addRestore(program)
addConfig(program)
addDoctor(program)

// Somebody read as much as they wanted: `telltale lookup … | head`.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
    throw error
  })
}

try {
  await program.parseAsync()
} catch (error) {
  // Commander has said what is wrong; asking for help or the version is not.
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? 0 : WRONG_USE
}
