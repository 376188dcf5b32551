import { Command, type Option, type OutputConfiguration } from 'commander'
import { VERSION } from '../contract/version.ts'
import { addCodes } from './ask/codes.ts'
import { addExplain } from './ask/explain/explain.ts'
import { addLookup } from './ask/lookup.ts'
import { addQuotas } from './ask/quotas.ts'
import { addTop } from './ask/top/top.ts'
import { addCatalog } from './catalog/catalog.ts'
import { addConfig } from './config/config.ts'
import { addDemo } from './demo/demo.ts'
import { addDoctor } from './doctor/doctor.ts'
import { addBackup } from './keep/backup.ts'
import { addErase } from './keep/erase.ts'
import { addExport } from './keep/export.ts'
import { addMigrate } from './keep/migrate.ts'
import { addReclassify } from './keep/reclassify.ts'
import { addReplay } from './keep/replay.ts'
import { addRestore } from './keep/restore.ts'
import { addRoles } from './serve/roles.ts'
import { addUp } from './serve/up.ts'
import { addToken } from './token/token.ts'

/** Every command there is. `output`: where help and complaints about its use go, if not to stdout and stderr. */
export function createProgram(output: OutputConfiguration = {}): Command {
  const program = new Command('telltale')
    .description('Knows your APIs’ error codes: what they mean, whether to retry, all about one request.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ showGlobalOptions: false, optionDescription })
    .showHelpAfterError('Add --help for how it is used.')
    .exitOverride()
    .configureOutput(output)
    .addHelpText('after', '\nExample:\n  $ telltale up\n  $ telltale lookup req_8f3a')

  addUp(program)
  addRoles(program)
  addDemo(program)
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
  addReplay(program)
  addBackup(program)
  addRestore(program)
  addConfig(program)
  addDoctor(program)
  return program
}

/** The descriptions say their defaults themselves, most of which come from the configuration. */
const optionDescription = ({ description, argChoices }: Option): string =>
  argChoices === undefined ? description : `${description}; one of ${argChoices.join(', ')}`
