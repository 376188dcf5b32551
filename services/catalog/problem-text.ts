import type { Problem } from './yaml-source.ts'

/** As compilers write it, so that editors and terminals find the place. */
export const problemText = ({ file, line, message }: Problem): string =>
  `${file}${line === undefined ? '' : `:${line}`}: ${message}`
