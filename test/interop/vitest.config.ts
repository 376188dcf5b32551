import { defineConfig, mergeConfig } from 'vitest/config'
import line, { globalSetup } from '../../vitest.config.ts'

// `npm run interop`: every document of docs/instrument, also those that take long to install or build.

process.env.TELLTALE_INTEROP = 'all'

const config = mergeConfig(line, defineConfig({ test: { testTimeout: 300_000, maxWorkers: 1, globalSetup } }))
config.test!.projects = undefined
config.test!.include = ['test/interop/*.{test,interop}.ts']

export default config
