import type { Command } from 'commander'
import { type LoadedConfig, loadConfig } from '../config.ts'

export const GOOD = 0
export const FAILED = 1
export const WRONG_USE = 2

/** What an answer or a complaint is printed with. */
export const print = (text: string): void => void process.stdout.write(`${text}\n`)
/** Escaped further than JSON must be: on a terminal, what it leaves of control characters would act. */
export const printJson = (data: unknown, indent = 2): void =>
  print(
    JSON.stringify(data, null, indent).replace(
      /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  )
export const complain = (text: string): void => void process.stderr.write(`telltale: ${text}\n`)

export interface CommonFlags {
  config?: string
}

/** Every command can be told where its configuration is and where the data is. */
export const withConfiguration = (command: Command): Command =>
  command
    .option('--data <directory>', 'where the embedded store is (./telltale-data)')
    .option('--config <file>', 'configuration file (telltale.yaml)')

export const loadFor = ({ config: file, ...flags }: CommonFlags): LoadedConfig => loadConfig({ file, flags })

/** Complains about every problem at once, and says how to exit: a flag that is wrong is wrong use. */
export function problemsOf(loaded: LoadedConfig, { config: file }: CommonFlags): number | null {
  const { problems } = loaded
  if (problems.length === 0) return null
  complain(problems.length === 1 ? problems[0] : `${problems.length} problems with the configuration:`)
  if (problems.length > 1) for (const problem of problems) process.stderr.write(`  - ${problem}\n`)
  const withoutFlags = new Set(loadConfig({ file }).problems)
  return problems.some((problem) => !withoutFlags.has(problem)) ? WRONG_USE : FAILED
}
