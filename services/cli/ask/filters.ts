import type { Command } from 'commander'
import { CLASSES, RETRIES, SIDES, STANDINGS } from '../../contract/vocabulary.ts'

export interface FilterFlags {
  provider?: string
  service?: string
  environment?: string
  standing?: string
  retry?: string
  class?: string
  side?: string
}

/** What counts can be narrowed to. The API judges the values, and names the words there are. */
export const withFilters = (command: Command): Command =>
  command
    .option('--provider <name>', 'of this API')
    .option('--service <name>', 'seen by this service')
    .option('--environment <name>', 'in this deployment environment')
    .option('--standing <word>', STANDINGS.join(', '))
    .option('--retry <word>', RETRIES.join(', '))
    .option('--class <word>', CLASSES.join(', '))
    .option('--side <word>', `${SIDES.join(' or ')}: whose end of the call`)
