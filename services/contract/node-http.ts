/**
 * What we take of node:http. To import that as a module makes Node read its every property, and with `WebSocket` load a
 * whole HTTP client: 40 ms of CPU and some megabytes in each process that starts.
 */
export const { createServer, request, STATUS_CODES } = process.getBuiltinModule('node:http')
