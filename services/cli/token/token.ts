import type { Command } from 'commander'
import { addTokenCreate } from './create.ts'
import { addTokenList } from './list.ts'
import { addTokenRevoke } from './revoke.ts'

/** `telltale token`: who may ask and send. */
export function addToken(program: Command): Command {
  const token = program
    .command('token')
    .description('who may ask and send: make, list and end tokens')
    .addHelpText('after', '\nExample:\n  $ telltale token create --scope ingest --name checkout')
  addTokenCreate(token)
  addTokenList(token)
  addTokenRevoke(token)
  return token
}
