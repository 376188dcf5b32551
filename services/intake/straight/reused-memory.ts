import { Socket, type SocketConstructorOpts } from 'node:net'

interface Handle {
  useUserBuffer?: unknown
}

/**
 * The same connection, read into memory that is used again: `came` is shown what has come, in `memory`, and says
 * whether to read on. Node offers that for connections one makes (`onread`); for those that a server accepts it takes
 * its inner handle, which this reaches for. Null where a Node has none such; then nothing has changed.
 */
export function readInto(accepted: Socket, memory: Buffer, came: (length: number) => boolean): Socket | null {
  const holder = accepted as unknown as { _handle: Handle | null }
  const handle = holder._handle
  if (typeof handle?.useUserBuffer !== 'function') return null
  holder._handle = null
  const options = { handle, allowHalfOpen: true, onread: { buffer: memory, callback: came } }
  const socket = new Socket(options as unknown as SocketConstructorOpts)
  // The server counts the one it accepted.
  socket.once('close', () => accepted.destroy())
  return socket.resume()
}
