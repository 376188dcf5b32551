import type { Problem } from './yaml-source.ts'

/** As compilers write it, so that editors and terminals find the place. */
export const placeOf = ({ file, line }: Pick<Problem, 'file' | 'line'>): string =>
  line === undefined ? file : `${file}:${line}`

export const problemText = (problem: Problem): string => `${placeOf(problem)}: ${problem.message}`
