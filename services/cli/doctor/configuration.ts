import { describeConfig, type LoadedConfig } from '../../config.ts'
import { type Finding, fail, ok } from './finding.ts'

export function checkConfiguration(loaded: LoadedConfig): Finding[] {
  const set = describeConfig(loaded).filter(({ source }) => source !== 'default')
  const sources = [...new Set(set.map(({ source }) => source))].sort()
  if (loaded.problems.length === 0) {
    const found =
      set.length === 0 ? 'nothing set, all defaults' : `${set.length} set, by ${sources.join(', ')}`
    return [ok('configuration', found)]
  }
  return loaded.problems.map((problem) =>
    fail('configuration', problem, '`telltale config` prints every setting and where it comes from.'),
  )
}
