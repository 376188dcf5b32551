/**
 * Does a Host header name this machine? A page of another site can make a browser resolve its own name to 127.0.0.1
 * and then read our answers as its own (DNS rebinding); the name in the Host header gives it away.
 */
export const isLoopbackHost = (host: string | undefined): boolean => host !== undefined && LOOPBACK.test(host)

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i
