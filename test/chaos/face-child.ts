import { startHttpFace } from '../store/http-face.ts'

// The store's server as a process that can be killed: `face-child.ts DIRECTORY PORT`.

const [directory, port] = process.argv.slice(2)
await startHttpFace({ directory, port: Number(port) })
console.log('ready')
