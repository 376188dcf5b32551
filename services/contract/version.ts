import { createRequire } from 'node:module'

/** Of the package that this file came with, as sources or compiled. */
export const VERSION: string = createRequire(import.meta.url)('../../package.json').version
