import { createRequire } from 'node:module'
import { connect, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ISocketFactory } from 'kafkajs'
import { errorOf } from '../../contract/thrown.ts'
import type { Frames } from './frames.ts'
import { wholeAnswers } from './whole-answers.ts'

const KEEP_ALIVE_MS = 60_000

/** As kafkajs connects, but it hears of whole answers only. */
export function socketFactory(frames: Frames): ISocketFactory {
  keepNoEmptyPieces()
  return ({ host, port, ssl, onConnect }) => {
    const answers = wholeAnswers(frames, {
      answer: (bytes) => {
        // What the reader cannot make sense of is thrown out of here, and would end the process.
        try {
          socket.emit('data', bytes)
        } catch (thrown) {
          socket.destroy(errorOf(thrown))
        }
      },
      broken: (error) => void socket.destroy(error),
    })
    const onread = {
      buffer: answers.room,
      callback: (count: number) => {
        answers.came(count)
        return true
      },
    }
    const to = { host, port, onread }
    const name = isIP(host) === 0 ? { servername: host } : {}
    const socket = ssl ? connectTls({ ...to, ...name, ...ssl }, onConnect) : connect(to, onConnect)
    return socket.setKeepAlive(true, KEEP_ALIVE_MS)
  }
}

interface Connection {
  bytesBuffered: number
  chunks: Buffer[]
  processData(data: Buffer): void
}

const PATCHED = Symbol.for('telltale.keepNoEmptyPieces')

/** After an answer, a connection of kafkajs keeps the empty rest of it, and puts the next one together with that. */
function keepNoEmptyPieces(): void {
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/connection') as {
    prototype: Connection & { [PATCHED]?: true }
  }
  if (prototype[PATCHED]) return
  const { processData } = prototype
  prototype.processData = function (data) {
    if (this.bytesBuffered === 0) this.chunks = []
    processData.call(this, data)
  }
  prototype[PATCHED] = true
}
